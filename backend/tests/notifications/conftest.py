"""A user who may use targets on this machine, and such a target."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from tests.support.servers.receiver import Receiver, receiving
from tests.support.steps.installation import Installation

from bankimport.settings import get_settings


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def client(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv("BANKIMPORT_ALLOW_PRIVATE_TARGETS", "true")
    get_settings.cache_clear()
    return installation.signed_in()
