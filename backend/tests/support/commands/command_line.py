"""Run commands in this process, as a shell would with these variables."""

import functools
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from typer.testing import CliRunner

from bankimport import queue
from bankimport.cli import app
from bankimport.connections.calls.credentials import forget_credentials
from bankimport.db import session as db_session
from bankimport.realtime.outbox import outbox
from bankimport.settings import get_settings

_ENGINES = (db_session.get_engine, db_session.watch_engine, db_session.metrics_engine)
_CACHES: "tuple[functools._lru_cache_wrapper[Any], ...]" = (
    get_settings,
    db_session._session_factory,
    *_ENGINES,
    queue.celery_app,
    outbox,
)


class Done(NamedTuple):
    """The exit code and output of a command."""

    code: int
    out: str
    err: str


def run_command(arguments: tuple[str, ...], environment: Mapping[str, str], text: str | None = None) -> Done:
    """Run a `bankimport` command with only these variables; `text` is its input.

    An exception that the command does not convert to an exit code is raised: a shell would show a traceback.
    """
    with _environment(environment):
        result = CliRunner().invoke(app, list(arguments), input=text)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.stdout, result.stderr)


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    _forget()
    os.environ.clear()
    os.environ.update(variables)
    try:
        yield
    finally:
        _forget()
        os.environ.clear()
        os.environ.update(before)


def _forget() -> None:
    for engine in _ENGINES:
        if engine.cache_info().currsize:
            engine().dispose()
    forget_credentials()
    for cache in _CACHES:
        cache.cache_clear()
