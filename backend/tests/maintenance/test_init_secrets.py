"""The passwords of a new deployment make themselves, once, and the settings read them from files."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.support.steps.installation import Installation, forget_settings

from bankimport.errors import InvalidRequest, SettingsInvalid
from bankimport.maintenance.init_secrets import init_secrets
from bankimport.observability.pulse import beat_once
from bankimport.settings import SECRETS_FOLDERS, load_settings

PLACE = "postgresql://bankimport@postgres:5432/bankimport"


def test_passwords_are_made_once_and_read_as_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "BANKIMPORT_METRICS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    made = init_secrets(tmp_path, PLACE)
    contents = {name: (tmp_path / name).read_text() for name in made}
    assert set(made) == {path.name for path in tmp_path.iterdir()}
    assert init_secrets(tmp_path, PLACE) == []
    assert contents == {name: (tmp_path / name).read_text() for name in made}

    monkeypatch.setenv("BANKIMPORT_SECRETS_DIR", str(tmp_path))
    settings = load_settings()
    assert settings.database_url is not None
    assert urlsplit(settings.database_url).password == contents["POSTGRES_PASSWORD"].strip()
    assert settings.database_url.replace(f":{contents['POSTGRES_PASSWORD'].strip()}", "") == PLACE
    assert settings.metrics_token is not None
    assert settings.metrics_token.get_secret_value() == contents["BANKIMPORT_METRICS_TOKEN"].strip()
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/db")
    assert load_settings().database_url == "postgresql://elsewhere/db"


def test_the_owner_s_password_is_only_in_the_owner_s_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "BANKIMPORT_METRICS_DATABASE_URL", "BANKIMPORT_OWNER_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    folder, owner_folder = tmp_path / "secrets", tmp_path / "owner"
    folder.mkdir()
    owner_folder.mkdir()
    assert init_secrets(folder, PLACE, owner_folder)
    assert init_secrets(folder, PLACE, owner_folder) == []
    password = (owner_folder / "POSTGRES_PASSWORD").read_text().strip()
    assert all(password not in path.read_text() for path in folder.iterdir())

    monkeypatch.setenv("BANKIMPORT_SECRETS_DIR", str(folder))
    application = load_settings()
    assert application.owner_database_url is None
    monkeypatch.setenv("BANKIMPORT_SECRETS_DIR", f"{folder}{os.pathsep}{owner_folder}")
    settings = load_settings()
    assert settings.database_url == application.database_url
    urls = [settings.owner_url, settings.database_url, settings.metrics_url]
    roles = ["bankimport", "bankimport_application", "bankimport_metrics"]
    assert [urlsplit(url or "").username for url in urls] == roles
    assert len({urlsplit(url or "").password for url in urls}) == 3
    assert {(urlsplit(url or "").hostname, urlsplit(url or "").path) for url in urls} == {("postgres", "/bankimport")}


def test_a_deployment_with_one_role_keeps_its_password_and_address(tmp_path: Path) -> None:
    folder, owner_folder = tmp_path / "secrets", tmp_path / "owner"
    folder.mkdir()
    owner_folder.mkdir()
    init_secrets(folder, PLACE)
    before = (folder / "DATABASE_URL").read_text()
    init_secrets(folder, PLACE, owner_folder)
    assert (folder / "DATABASE_URL").read_text() == before
    assert (owner_folder / "BANKIMPORT_OWNER_DATABASE_URL").read_text() == before


@pytest.mark.parametrize("url", ["postgresql://postgres/db", "postgresql://a:b@postgres/db", "mysql://a@b/c", "a"])
def test_a_database_without_a_user_or_with_a_password_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest):
        init_secrets(tmp_path, url)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("variable", SECRETS_FOLDERS)
def test_a_folder_of_secrets_that_is_not_there_is_named(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "/nonexistent")
    with pytest.raises(SettingsInvalid, match=variable):
        load_settings()


def test_a_heartbeat_touches_the_file_that_health_checks_look_at(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pulse"
    monkeypatch.setenv("BANKIMPORT_PULSE_FILE", str(file))
    forget_settings()
    beat_once("worker", {})
    os.utime(file, (0, 0))
    beat_once("worker", {})
    assert file.stat().st_mtime > 0
