"""Everything named in the deployment files exists: commands, their options, variables and files."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from tests.support.monitoring.alerting import ROOT
from typer import Context
from typer.main import get_group

from bankimport.cli import app
from bankimport.settings import SECRETS_FOLDERS, Settings, variable_of
from truelayer_simulator.cli import app as simulator

GROUP = get_group(app)
SIMULATOR = get_group(simulator)
CONTEXT = Context(GROUP)
COMMANDS = {name: command for name in GROUP.list_commands(CONTEXT) if (command := GROUP.get_command(CONTEXT, name))}
VARIABLES = {variable_of(name) for name in Settings.model_fields}
OTHERS = {"OTEL_EXPORTER_OTLP_ENDPOINT", *SECRETS_FOLDERS}
"""A variable of OpenTelemetry, and those that name folders of settings."""
COMPOSE = ROOT / "compose.yaml"
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))


def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())["services"]
    return found


def ours() -> dict[str, Any]:
    return {name: service for name, service in services().items() if "build" in service}


def test_every_deployed_process_is_an_existing_command_with_valid_options() -> None:
    assert set(ours()) == {"secrets", "migrate", "api", "worker", "beat", "flower", "simulator"}
    for service_name, service in ours().items():
        command: Any = SIMULATOR if service_name == "simulator" else GROUP
        words = list(service["command"])
        while hasattr(command, "get_command"):
            command = command.get_command(Context(command), words.pop(0))
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options


def test_every_variable_is_a_setting() -> None:
    for service in ours().values():
        assert set(service["environment"]) <= VARIABLES | OTHERS


def test_images_name_no_registry_and_mounted_files_exist() -> None:
    for service in services().values():
        image = re.sub(r"\$\{\w+:-(.+)\}", r"\1", service["image"])
        assert "." not in image.partition("/")[0].partition(":")[0]
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert not source.startswith("./") or (ROOT / source).exists(), source
    assert (ROOT / services()["api"]["build"]["dockerfile"]).is_file()


def test_the_image_is_built_only_from_files_that_it_copies() -> None:
    copied = re.findall(r"^COPY ((?!--).+) \S+$", (ROOT / "deploy" / "Dockerfile").read_text(), re.MULTILINE)
    _, everything, *lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert everything == "*"
    let_through = {line[1:] for line in lines if line.startswith("!")}
    paths = {path for line in copied for path in line.split()}
    assert let_through <= paths
    assert all(path in let_through or path.startswith("frontend/") for path in paths)
    assert {"frontend/node_modules", "backend/src/bankimport/web"} <= set(lines)


def test_base_images_are_arguments_and_the_image_runs_without_rights() -> None:
    text = (ROOT / "deploy" / "Dockerfile").read_text()
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == ["${NODE_IMAGE}", "${PYTHON_IMAGE}", "${PYTHON_IMAGE}"]
    assert set(services()["api"]["build"]["args"]) == set(re.findall(r"^ARG (\w+)=", text, re.MULTILINE))
    assert re.search(r"^USER \d+$", text, re.MULTILINE)


def test_only_two_variables_are_needed() -> None:
    assert set(re.findall(r"\$\{(\w+):\?", COMPOSE.read_text())) == {"TRUELAYER_CLIENT_ID", "TRUELAYER_CLIENT_SECRET"}


def test_every_service_is_limited_and_its_log_is_rotated() -> None:
    for name, service in services().items():
        assert service["logging"]["options"]["max-size"], name
        assert service["mem_limit"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["read_only"] or name == "postgres", name
    for name in ("api", "worker"):
        assert services()[name]["deploy"]["replicas"] == 2


def test_everything_starts_in_the_order_of_health() -> None:
    def after(name: str) -> dict[str, str]:
        return {other: how["condition"] for other, how in services()[name]["depends_on"].items()}

    assert after("postgres") == {"secrets": "service_completed_successfully"}
    assert after("migrate") == {"postgres": "service_healthy", "valkey": "service_healthy"}
    for name in ("api", "worker", "beat", "flower"):
        assert after(name) == {"migrate": "service_completed_successfully"}
        assert services()[name]["healthcheck"]["test"]
    assert after("proxy") == {"api": "service_healthy"}


def test_only_the_proxy_is_published_to_other_machines() -> None:
    published = {name for name, service in services().items() if service.get("ports")}
    assert published == {"proxy", "flower", "grafana"}
    for name in published - {"proxy"}:
        assert all(port.startswith("127.0.0.1:") for port in services()[name]["ports"])
    assert services()["postgres"]["networks"] == services()["valkey"]["networks"] == ["inside"]


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
    of_compose = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text()))
    for variable in re.findall(r"\b(?:BANKIMPORT|TRUELAYER)_[A-Z_]+\b", text):
        assert variable in VARIABLES | OTHERS | of_compose, variable
