"""`bankimport user`: create users, sign them in, and manage them."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from bankimport.cli.console import AsJson, errors_shown, out, show, table
from bankimport.cli.local import acting_as, join_installation
from bankimport.clock import utc_now
from bankimport.data_rights.erase import erase_user
from bankimport.data_rights.export import zip_pieces
from bankimport.data_rights.schemas import ErasedRead
from bankimport.db.session import session_scope, snapshot_scope
from bankimport.errors import InvalidRequest
from bankimport.settings import get_settings
from bankimport.users import manage, service
from bankimport.users.access import Role
from bankimport.users.models import User
from bankimport.users.passkeys.register import remove_passkeys
from bankimport.users.passwords import check_strength, hash_password
from bankimport.users.record import record
from bankimport.users.schemas import ManagedUser, ManagedUserList
from bankimport.users.second_factor import remove_second_factor
from bankimport.users.sign_in import store_password

app = typer.Typer(help="Create users, sign them in, and manage them.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The user's e-mail address.")]
PasswordStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@app.command()
def create(
    email: Email,
    password_stdin: PasswordStdin = False,
    role: Annotated[
        Role | None, typer.Option(help="What they may do; absent: admin for the first user, else member.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Create a user. Without a password they can sign in only by a link."""
    with errors_shown(as_json):
        join_installation()
        password = _read_password() if password_stdin else None
        service.check_address(email)
        with session_scope() as session:
            user = service.create_user(session, email, password, role)
        body = {"id": user.id, "email": user.email, "role": user.role.value}
        show(body, as_json, lambda: out.print(f"created user {user.email} ({user.role})"))


@app.command()
def login_link(email: Email, as_json: AsJson = False) -> None:
    """Print a link that signs the user in once, within half an hour."""
    with errors_shown(as_json):
        join_installation()
        with session_scope() as session:
            link = make_login_link(service.create_login_link_token(session, service.user_by_email(session, email).id))
        show({"url": link}, as_json, lambda: out.print(link, soft_wrap=True))


@app.command("list")
def list_users(as_json: AsJson = False) -> None:
    """List the users with their roles."""
    with errors_shown(as_json):
        join_installation()
        with session_scope() as session:
            users = ManagedUserList(users=manage.users_read(session))

        def print_users() -> None:
            rows = table("user", "role", "last seen", "")
            for user in users.users:
                seen = "never" if user.last_seen_at is None else f"{user.last_seen_at:%Y-%m-%d %H:%M}"
                rows.add_row(user.email, user.role.value, seen, "disabled" if user.disabled_at else "")
            out.print(rows if users.users else "no users yet; create one with `bankimport user create EMAIL`")

        show(users, as_json, print_users)


@app.command()
def password(email: Email, password_stdin: PasswordStdin = False, as_json: AsJson = False) -> None:
    """Set a user's password, and end all their sessions. The command asks, or reads standard input."""
    with errors_shown(as_json):
        join_installation()
        with session_scope() as session:
            user = service.user_by_email(session, email)
        new = _read_password() if password_stdin else typer.prompt("New password", hide_input=True, err=True)
        check_strength(new, user.email)
        hashed = hash_password(new)
        with session_scope() as session:
            store_password(session, user.id, hashed)
        show({"email": user.email}, as_json, lambda: out.print(f"{user.email} has a new password, and is signed out"))


@app.command()
def second_factor_off(email: Email, as_json: AsJson = False) -> None:
    """Switch off a user's second factor, for example after its app and backup codes are lost."""
    _change(email, as_json, lambda session, user: remove_second_factor(session, user.id), "has no second factor now")


@app.command()
def passkeys_off(email: Email, as_json: AsJson = False) -> None:
    """Remove all passkeys of a user, for example after one is lost."""
    _change(email, as_json, lambda session, user: remove_passkeys(session, user.id), "has no passkeys now")


@app.command()
def role(
    email: Email, role: Annotated[Role, typer.Argument(help="What they may do.")], as_json: AsJson = False
) -> None:
    """Change what a user may do."""
    _change(email, as_json, lambda session, user: manage.set_role(session, user, role, by=None), f"is {role.value} now")


@app.command()
def disable(email: Email, as_json: AsJson = False) -> None:
    """Disable a user: they cannot sign in, and their data stays."""
    _change(email, as_json, lambda session, user: manage.set_disabled(session, user, True, by=None), "is disabled")


@app.command()
def enable(email: Email, as_json: AsJson = False) -> None:
    """Enable a disabled user."""
    _change(email, as_json, lambda session, user: manage.set_disabled(session, user, False, by=None), "is enabled")


@app.command()
def export(
    email: Email,
    to: Annotated[Path, typer.Option("--to", help="The zip file to write; it must not exist yet.")],
    as_json: AsJson = False,
) -> None:
    """Write all data of a user to one zip: each table as JSON lines, banks' answers among them, and a README."""
    with errors_shown(as_json), acting_as(email) as (session, user):
        record(session, user.id, "user.exported", by_operator=True)
        with snapshot_scope() as reading:
            size = _write_new(to, zip_pieces(reading, user.id, utc_now()))
        body = {"email": user.email, "file": str(to), "bytes": size}
        show(body, as_json, lambda: out.print(f"{to} contains everything of {user.email}: {size} bytes"))


@app.command()
def erase(
    email: Email,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase a user: end their consents at TrueLayer, and delete all their data for good."""
    if not yes:
        typer.confirm(f"Erase {email} with all their transactions? This cannot be undone", abort=True, err=True)
    with errors_shown(as_json):
        join_installation()
        with session_scope() as session:
            user_id = service.user_by_email(session, email).id
        erased = ErasedRead.of(erase_user(user_id, None))

        def print_erased() -> None:
            for consent in erased.consents:
                ended = "ended" if consent.ended_at_truelayer else f"not ended at TrueLayer: {consent.problem}"
                out.print(f"consent {consent.connection_id} ({consent.bank_name}): {ended}")
            out.print(f"{erased.email} is erased; their rows stay in older backups until those are deleted")

        show(erased, as_json, print_erased)


def make_login_link(token: str) -> str:
    """The address of a login link."""
    return f"{get_settings().browser_url}/api/auth/link?token={token}"


def _write_new(path: Path, pieces: Iterator[bytes]) -> int:
    """Write a file that is readable only by its owner; returns its size in bytes."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            return sum(file.write(piece) for piece in pieces)
    except FileExistsError:
        raise InvalidRequest(f"{path} exists already; name a new file") from None
    except OSError as failure:
        raise InvalidRequest(f"cannot write {path}: {failure.strerror}") from None


def _read_password() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _change(email: str, as_json: bool, change: Callable[[Session, User], Any], result: str) -> None:
    with errors_shown(as_json):
        join_installation()
        with session_scope() as session:
            user = service.user_by_email(session, email)
            shown = ManagedUser.model_validate(user)
            change(session, user)
            if user in session and user not in session.deleted:
                shown = ManagedUser.model_validate(user)
        show(shown, as_json, lambda: out.print(f"{email} {result}"))
