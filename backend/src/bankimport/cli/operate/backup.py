"""`bankimport backup` and `bankimport restore`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bankimport.cli.console import AsJson, errors_shown, out, show, table
from bankimport.cli.operate.place import database_at_hand, need_direct_database
from bankimport.errors import InvalidRequest
from bankimport.maintenance.archive import Lock, Manifest, Opener, opened_backup
from bankimport.maintenance.backup import make_backup
from bankimport.maintenance.key_file import NAME, KeyFileReader
from bankimport.maintenance.restore import restore as restore_backup
from bankimport.maintenance.restore import write_settings
from bankimport.secrets import key_id
from bankimport.settings import variable_of

PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        help="File whose first line is the passphrase, - for standard input; absent: it is read from the terminal."
    ),
]

UserKeysFile = Annotated[
    Path | None,
    typer.Option(
        "--user-keys", help="File of the users' keys, which each backup replaces; bankimport.user-keys beside FILE."
    ),
]


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="New file for the backup.")],
    recipient: Annotated[
        list[str] | None,
        typer.Option(help="Encrypt for this public key of age (age1…) in place of a passphrase; may be repeated."),
    ] = None,
    user_keys: UserKeysFile = None,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
) -> None:
    """Back up the database, the settings and the secret keys into one encrypted file. Everything may run meanwhile.

    The backup is of one moment. Anyone who opens it can read every transaction and use every bank connection. The
    users' keys are in a file of their own, which opens like the backup: keep its newest version, and no older one.
    """
    with errors_shown(as_json):
        if recipient and passphrase_file:
            raise InvalidRequest("give either --recipient or --passphrase-file")
        lock = Lock(recipients=recipient) if recipient else Lock(_passphrase(passphrase_file, is_new=True))
        with database_at_hand() as settings:
            need_direct_database(settings)
            key_file = user_keys or file.parent / NAME
            made = make_backup(settings, file, key_file, lock)
    size = file.stat().st_size

    def print_summary() -> None:
        out.print(f"backed up {sum(made.tables.values())} rows of {len(made.tables)} tables", soft_wrap=True)
        out.print(
            f"into {file}, {size / 1e6:.1f} MB; check it with `bankimport restore {file} --check`", soft_wrap=True
        )
        out.print(f"the keys of {made.user_keys} users are in {key_file}: keep it too", soft_wrap=True)

    show({"file": str(file), "bytes": size, "user_keys": str(key_file), **_described(made)}, as_json, print_summary)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")],
    check: Annotated[
        bool, typer.Option("--check", help="Only see that all of it can be read, and say what is in it.")
    ] = False,
    identity: Annotated[
        Path | None,
        typer.Option(help="File with your secret key of age, for a backup that was made for its public key."),
    ] = None,
    settings_file: Annotated[
        Path | None,
        typer.Option("--settings", help="Write the settings and keys of the backup into this new file, as variables."),
    ] = None,
    user_keys: UserKeysFile = None,
    without_user_keys: Annotated[
        bool,
        typer.Option("--without-user-keys", help="The file of the users' keys is lost: leave out what it opens."),
    ] = False,
    user_keys_passphrase_file: Annotated[
        Path | None,
        typer.Option(help="File with the passphrase of the users' keys, if it was changed since the backup."),
    ] = None,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
) -> None:
    """Restore a backup into an empty database: DATABASE_URL, or else the embedded server of BANKIMPORT_HOME.

    Nothing is overwritten: a database with users, or a key file with other keys, is left alone. Stop the old
    installation first: two that use the same bank connections refresh the same tokens. Users who were erased since the
    backup are left out, as the file of the users' keys shows.
    """
    with errors_shown(as_json):
        if identity and passphrase_file:
            raise InvalidRequest("give either --identity or --passphrase-file")
        opener = Opener(identities=_identities(identity)) if identity else Opener(_passphrase(passphrase_file))
        with opened_backup(file, opener) as opened:
            made = opened.manifest
            result = {"file": str(file), **_described(made)}
            users = None
            if made.format > 1 and not without_user_keys:
                opener = Opener(_passphrase(user_keys_passphrase_file)) if user_keys_passphrase_file else opener
                users = KeyFileReader(user_keys or file.parent / NAME, opener).read(backup_of=made.made_at)
            if check:
                result["database_bytes"] = opened.check()
            if settings_file is not None:
                write_settings(settings_file, {**made.settings, variable_of("secret_keys"): ",".join(made.keys)})
            if not check:
                with database_at_hand() as settings:
                    need_direct_database(settings)
                    restored = restore_backup(settings, opened, users)
                result |= {
                    "keys_in": restored.keys_in,
                    "needs_migration": restored.is_older,
                    "erased_since": len(restored.erased),
                }

    def print_summary() -> None:
        rows = sum(made.tables.values())
        verb = "holds" if check else "restored"
        out.print(f"{verb} {rows} rows of {len(made.tables)} tables, as they were at {made.made_at}", soft_wrap=True)
        if check:
            counted = table("table", ">rows")
            for name, count in made.tables.items():
                counted.add_row(name, str(count))
            out.print(counted)
        else:
            out.print(f"the secret keys are in {result['keys_in']}", soft_wrap=True)
            if result["erased_since"]:
                out.print(f"left out, as they were erased since: {result['erased_since']} users", soft_wrap=True)
            if without_user_keys and made.user_keys:
                out.print("without the users' keys: account numbers and banks' answers are lost", soft_wrap=True)
            if result["needs_migration"]:
                out.print("this version has newer tables: run `bankimport migrate`, or start with `bankimport up`")
            out.print("next: bankimport verify, bankimport proof")
        if made.settings and settings_file is None:
            names = ", ".join(made.settings)
            out.print(f"settings in the backup, which --settings FILE writes: {names}", soft_wrap=True)

    show(result, as_json, print_summary)


def _described(made: Manifest) -> dict[str, object]:
    """What a backup holds, without its secrets."""
    return {
        "made_at": made.made_at,
        "version": made.version,
        "revision": made.revision,
        "keys": [key_id(key) for key in made.keys],
        "settings": sorted(made.settings),
        "tables": made.tables,
    }


def _passphrase(path: Path | None, *, is_new: bool = False) -> str:
    if path is None:
        if not sys.stdin.isatty():
            raise InvalidRequest("there is no terminal to type a passphrase at; give --passphrase-file, or a key")
        return str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=is_new))
    return _first_line(sys.stdin.read() if str(path) == "-" else _read(path))


def _identities(path: Path) -> list[str]:
    lines = [line.strip() for line in _read(path).splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def _first_line(text: str) -> str:
    return text.split("\n", 1)[0].rstrip("\r")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"cannot read {path} ({getattr(error, 'strerror', None) or 'not text'})") from None
