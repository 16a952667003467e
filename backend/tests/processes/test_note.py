"""What a running installation leaves for other commands."""

import json
import os
from pathlib import Path

import pytest

from bankimport.cli.local import join_installation, write_note
from bankimport.settings import load_settings, variable_of


def test_commands_take_prices_and_the_applications_database_from_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable_of("home"), str(tmp_path))
    monkeypatch.delenv(variable_of("database_url"), raising=False)
    monkeypatch.setenv(variable_of("price_connection_month"), "0.35 GBP")
    environment = {variable_of("database_url"): "postgresql://127.0.0.1/none"}
    note = write_note(tmp_path, environment, load_settings(), "postgresql://owner@127.0.0.1/none")
    monkeypatch.setenv(variable_of("price_connection_month"), "9.99 EUR")
    monkeypatch.setenv(variable_of("price_call"), "1 EUR")

    join_installation()

    assert os.environ[variable_of("price_connection_month")] == "0.35 GBP"
    assert variable_of("price_call") not in os.environ
    assert os.environ[variable_of("database_url")] == "postgresql://127.0.0.1/none"
    assert json.loads(note.read_text())["environment"]["DATABASE_URL"] == "postgresql://owner@127.0.0.1/none"
    for name in ("database_url", "calls_per_minute", "max_parallel_accounts"):
        monkeypatch.delenv(variable_of(name), raising=False)
