"""The examples for programmers run as they are, against a running installation."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.journeys.machine import Machine, connect
from tests.support.suite.waiting import HANGS_AFTER_S

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[4]
EXAMPLES = ROOT / "examples"
MODULES = ROOT / "frontend" / "node_modules"
WITHOUT_TYPES = """
const { readFileSync, writeFileSync } = require("node:fs");
const [, typescript, from, to] = process.argv;
const { ModuleKind, ScriptTarget, transpileModule } = require(typescript);
const compilerOptions = { module: ModuleKind.ESNext, target: ScriptTarget.ES2023 };
writeFileSync(to, transpileModule(readFileSync(from, "utf8"), { compilerOptions }).outputText);
"""


def output_of(command: list[str], up: Machine, token: str, folder: Path) -> str:
    environment = {**os.environ, "BANKIMPORT_URL": up.url, "BANKIMPORT_TOKEN": token}
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=HANGS_AFTER_S, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_programs_import_what_is_missing_and_follow_an_import_of_everything(
    page: Page, up: Machine, mine: Machine, tmp_path: Path
) -> None:
    connect(mine, "sim-plain")
    wanted = {"name": "examples", "scopes": ["read", "import"]}
    token = page.request.post("/api/auth/tokens", data=wanted).json()["token"]

    printed = output_of([sys.executable, str(EXAMPLES / "python" / "import_new_rows.py")], up, token, tmp_path)

    rows = list(csv.DictReader(printed.splitlines()))
    first = page.request.get("/api/truelayer/import/history").json()["imports"][0]
    assert len({row["id"] for row in rows}) == len(rows) == first["transactions_imported"] > 0

    (tmp_path / "node_modules").symlink_to(MODULES)
    plain = tmp_path / "importEverything.mjs"
    source = EXAMPLES / "typescript" / "importEverything.ts"
    output_of(["node", "-e", WITHOUT_TYPES, str(MODULES / "typescript"), str(source), str(plain)], up, token, tmp_path)
    ended = json.loads(output_of(["node", str(plain)], up, token, tmp_path))

    assert ended["status"] in ("completed", "enriching")
    assert ended["synced"] > 0
    assert ended["duplicates"] >= len(rows)
