"""`bankimport export` writes to standard output or complete files, and prints the number of rows and the bookmark."""

import json
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.steps.installation import Installation
from tests.support.steps.record import EXPORT, Record, a_record
from typer.testing import CliRunner, Result

from bankimport.cli import app
from bankimport.db.session import session_scope

BEAN_CHECK = Path(sys.executable).with_name("bean-check")


@pytest.fixture
def record(installation: Installation) -> Record:
    made = a_record(installation)
    made.add_hostile()
    return made


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["export", *arguments])


@pytest.mark.parametrize("form", ["csv", "ndjson", "ofx", "beancount"])
def test_standard_output_equals_the_apis_export(record: Record, form: str) -> None:
    answer = record.client.get(EXPORT, params={"format": form})

    result = run("--format", form)

    assert result.exit_code == 0, result.stderr
    assert result.stdout_bytes == answer.content
    assert result.stderr.split() == [str(len(record.rows())), "rows;", "bookmark", answer.headers["x-export-bookmark"]]


def test_a_file_is_written_completely_and_its_bookmark_continues(record: Record, tmp_path: Path) -> None:
    file = tmp_path / "all.ndjson"

    summary = json.loads(run("--format", "ndjson", "--output", str(file), "--json").stdout)
    with session_scope() as session:
        new = record.add(session).id
    rest = run("--format", "ndjson", "--since", summary["bookmark"], "--json")
    again = run("--format", "ndjson", "--until", summary["bookmark"])

    expected = {"format": "ndjson", "rows": len(record.rows()) - 1, "left_out": {}}
    assert summary == {**expected, "bookmark": summary["bookmark"], "file": str(file)}
    assert file.read_bytes().count(b"\n") == summary["rows"]
    assert again.stdout_bytes == file.read_bytes()
    assert [json.loads(line)["id"] for line in rest.stdout.splitlines()] == [str(new)]
    assert json.loads(rest.stderr)["rows"] == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_bean_check_accepts_the_ledger(record: Record, tmp_path: Path) -> None:
    ledger = tmp_path / "all.beancount"
    run("--format", "beancount", "--status", "all", "--output", str(ledger))

    checked = subprocess.run([BEAN_CHECK, "--no-cache", str(ledger)], capture_output=True, text=True, check=False)

    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_no_file_is_overwritten_without_force(record: Record, tmp_path: Path) -> None:
    file = tmp_path / "all.csv"
    file.write_text("mine")

    refused = run("--format", "csv", "--output", str(file), "--json")

    assert refused.exit_code == 1
    assert json.loads(refused.stderr)["code"] == "file_exists"
    assert file.read_text() == "mine"
    assert run("--format", "csv", "--output", str(file), "--force").exit_code == 0
    assert file.read_bytes().startswith(b"id,")
    assert _only(tmp_path) == ["all.csv"]


@pytest.mark.parametrize("place", ["nowhere/all.csv", "."])
def test_an_unwritable_output_is_refused(installation: Installation, tmp_path: Path, place: str) -> None:
    refused = run("--format", "csv", "--output", str(tmp_path / place), "--force", "--json")

    assert refused.exit_code == 1
    assert json.loads(refused.stderr)["code"] == "invalid_request"


def test_an_export_that_fails_leaves_nothing_behind(record: Record, tmp_path: Path) -> None:
    file = tmp_path / "all.csv"

    for wrong in (["--since", "nonsense"], ["--account", "999999"], ["--user", "nobody@example.org"]):
        assert run("--format", "csv", "--output", str(file), *wrong).exit_code == 1

    assert _only(tmp_path) == []


def _only(folder: Path) -> list[str]:
    """The files in the folder, without those of the installation whose home it is."""
    return sorted(path.name for path in folder.iterdir() if "csv" in path.name)


def test_a_closed_pipe_ends_the_export_quietly(record: Record) -> None:
    record.add_many(20_000)
    command = [sys.executable, "-m", "bankimport.cli", "export", "--format", "csv"]

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        head = process.stdout.readline()
        process.stdout.close()
        summary = process.stderr.read().decode()
        process.wait()

    assert re.match(rb"id,account_id,", head)
    assert summary == ""
    assert process.returncode == 1
