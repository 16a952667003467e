"""Copy a whole database out and in, by PostgreSQL's own programs, which are installed with us."""

import os
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bankimport.db.session import plain_url
from bankimport.maintenance.errors import DatabaseCopyFailed
from bankimport.processes.postgres import binaries

_HEADER_LINES = 60
"""Where a script sets up its session."""
_UNKNOWN_TO_OLD_SERVERS = b"SET transaction_timeout = 0;"
"""Of PostgreSQL 17; an older server would refuse it."""


def _place(database_url: str) -> tuple[str, dict[str, str]]:
    """The database for a command line, and an environment with its password, which others could read there."""
    parts = conninfo_to_dict(plain_url(database_url))
    password = parts.pop("password", None)
    environment = dict(os.environ)
    environment.pop("PGOPTIONS", None)
    if password:
        environment["PGPASSWORD"] = str(password)
    return make_conninfo("", **parts), environment


@contextmanager
def dumped(database_url: str, snapshot: str, *, empty: Sequence[str] = ()) -> Iterator[IO[bytes]]:
    """A stream of the database as an exported snapshot shows it, in pg_dump's custom format.

    The tables of `empty` are in it without their rows.

    Raises:
        DatabaseCopyFailed: PostgreSQL refused, once the stream is read.
    """
    database, environment = _place(database_url)
    command = [str(binaries() / "pg_dump"), "--format=custom", "--no-owner", "--no-privileges", "--no-comments"]
    command += [f"--snapshot={snapshot}", f"--dbname={database}"]
    command += [f"--exclude-table-data=public.{name}" for name in empty]
    with tempfile.TemporaryFile() as errors:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=environment) as process:  # noqa: S603
            assert process.stdout is not None
            try:
                yield process.stdout
            except BaseException:
                process.kill()
                raise
        if process.returncode != 0:
            raise DatabaseCopyFailed(f"the database cannot be dumped: {_words(errors)}")


def load(database_url: str, copy: Callable[[IO[bytes]], None], *, before: str = "") -> None:
    """Load a dump that `copy` writes, in one database transaction; statements of `before` run first in it.

    Raises:
        DatabaseCopyFailed: PostgreSQL refused; nothing has changed.
        Exception: whatever `copy` raises; nothing has changed.
    """
    database, environment = _place(database_url)
    unpack = [str(binaries() / "pg_restore"), "--no-owner", "--no-privileges", "--file=-"]
    run = [
        str(binaries() / "psql"),
        "--no-psqlrc",
        "--quiet",
        "--set=ON_ERROR_STOP=1",
        "--single-transaction",
        "--file=-",
    ]
    run += [f"--dbname={database}"]
    with tempfile.TemporaryFile() as refused, tempfile.TemporaryFile() as broken:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": broken}
        with (
            subprocess.Popen(  # noqa: S603 - our own commands
                run, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=refused, env=environment
            ) as server,
            subprocess.Popen(unpack, **pipes) as unpacker,  # type: ignore[call-overload]  # noqa: S603
        ):
            assert server.stdin is not None
            pump = threading.Thread(target=_pump, args=(unpacker.stdout, server.stdin, before))
            pump.start()
            try:
                copy(unpacker.stdin)
                unpacker.stdin.close()
            except BrokenPipeError:
                pass  # One of the two has ended; its words say why.
            except BaseException:
                # Ended before its input is, so that it commits nothing.
                server.kill()
                unpacker.kill()
                raise
            finally:
                if server.poll() is not None:
                    unpacker.kill()
                pump.join()
                ended_well = unpacker.wait() == 0
                if not ended_well:
                    server.kill()
                with suppress(BrokenPipeError):
                    server.stdin.close()
        if server.returncode > 0:
            raise DatabaseCopyFailed(f"the database refused the backup: {_words(refused)}")
        if not ended_well or server.returncode != 0:
            raise DatabaseCopyFailed(f"the dump cannot be unpacked: {_words(broken)}")


def _pump(source: IO[bytes], target: IO[bytes], before: str) -> None:
    """Copy a script, without its settings that old servers do not know."""
    with suppress(BrokenPipeError):
        target.write(f"{before}\n".encode())
        for number, line in enumerate(source):
            if number < _HEADER_LINES and line.strip() == _UNKNOWN_TO_OLD_SERVERS:
                continue
            target.write(line)
        target.flush()
        return
    # Read to its end what nobody takes, so that the writer does not wait for ever.
    while source.read(1 << 20):
        pass


def _words(file: IO[bytes]) -> str:
    file.seek(0)
    lines = [line for line in file.read().decode(errors="replace").strip().splitlines() if line.strip()]
    return " ".join(lines[-3:])[:500] or "it gave no reason"
