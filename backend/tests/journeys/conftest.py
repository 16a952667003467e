"""One browser for all journeys of a module; each has its own windows and cookies."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.journeys.browser import running_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as started:
        yield started
