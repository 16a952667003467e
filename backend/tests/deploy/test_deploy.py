"""Everything named in the deployment files exists: commands, their options, variables and files."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from tests.support.alerting import ROOT
from typer import Context
from typer.main import get_group

from bankimport.cli import app
from bankimport.settings import SECRETS_FOLDERS, Settings, variable_of

GROUP = get_group(app)
CONTEXT = Context(GROUP)
COMMANDS = {name: command for name in GROUP.list_commands(CONTEXT) if (command := GROUP.get_command(CONTEXT, name))}
VARIABLES = {variable_of(name) for name in Settings.model_fields}
OTHERS = {"FORWARDED_ALLOW_IPS", "OTEL_EXPORTER_OTLP_ENDPOINT", *SECRETS_FOLDERS}
"""Variables of uvicorn and of OpenTelemetry, and those that name folders of settings."""
COMPOSE = ROOT / "compose.yaml"
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))


def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())["services"]
    return found


def ours() -> dict[str, Any]:
    return {name: service for name, service in services().items() if service["image"] == "bankimport"}


def test_every_deployed_process_is_an_existing_command_with_valid_options() -> None:
    assert set(ours()) == {"migrate", "api", "worker", "beat", "flower"}
    for service in ours().values():
        name, *rest = service["command"]
        options = {option for parameter in COMMANDS[name].params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= options


def test_every_variable_is_a_setting() -> None:
    for service in ours().values():
        assert set(service["environment"]) <= VARIABLES | OTHERS


def test_images_name_no_registry_and_mounted_files_exist() -> None:
    for service in services().values():
        assert "." not in service["image"].partition("/")[0].partition(":")[0]
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert not source.startswith("./") or (ROOT / source).is_dir(), source
    assert (ROOT / services()["api"]["build"]["dockerfile"]).is_file()


def test_the_image_is_built_only_from_files_that_it_copies() -> None:
    copied = re.findall(r"^COPY (\S+) ", (ROOT / "deploy" / "Dockerfile").read_text(), re.MULTILINE)
    _, everything, *let_through = (ROOT / ".dockerignore").read_text().splitlines()
    assert everything == "*"
    assert let_through == [f"!{path}" for path in copied]


def test_host_ports_listen_on_loopback() -> None:
    for service in services().values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_a_unit_starts_an_existing_command(unit: Any) -> None:
    (command,) = re.findall(r"^ExecStart=/opt/bankimport/bin/bankimport (\w+)$", unit.read_text(), re.MULTILINE)
    assert command in COMMANDS
    assert set(re.findall(r"^Environment=(\w+)=", unit.read_text(), re.MULTILINE)) <= VARIABLES


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_a_unit_is_sound_and_exposes_little(unit: Path, tmp_path: Path) -> None:
    # The same unit with a program that is here.
    here = tmp_path / unit.name
    here.write_text(unit.read_text().replace("/opt/bankimport/bin/bankimport", sys.executable))
    sound = subprocess.run(["systemd-analyze", "verify", "--man=no", here], capture_output=True, text=True)
    assert (sound.returncode, [line for line in sound.stderr.splitlines() if here.name in line]) == (0, [])
    limit = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(here)]
    exposed = subprocess.run(limit, capture_output=True, text=True)
    assert exposed.returncode == 0, exposed.stdout[-2000:]


def test_commands_and_variables_in_the_document_exist() -> None:
    text = (ROOT / "docs" / "deployment.md").read_text()
    for command in re.findall(r"bankimport (\w+)(?=[ `\n])", text):
        assert command in COMMANDS or command in ("is",), command
    for variable in re.findall(r"\b(?:BANKIMPORT|TRUELAYER)_[A-Z_]+\b", text):
        assert variable in VARIABLES | OTHERS, variable
