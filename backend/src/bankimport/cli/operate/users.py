"""`bankimport user`: create users and sign them in."""

import sys
from typing import Annotated

import typer

from bankimport.cli.console import AsJson, errors_shown, out, show
from bankimport.cli.local import join_installation
from bankimport.db.session import session_scope
from bankimport.errors import InvalidRequest
from bankimport.settings import get_settings
from bankimport.users import service

app = typer.Typer(help="Create users and sign them in.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The user's e-mail address.")]


@app.command()
def create(
    email: Email,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Create a user. Without a password they can sign in only by a link."""
    with errors_shown(as_json):
        join_installation()
        password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
        if "@" not in email or len(email) > 320:
            raise InvalidRequest(f"{email} is not an e-mail address")
        with session_scope() as session:
            user = service.create_user(session, email, password)
        show({"id": user.id, "email": user.email}, as_json, lambda: out.print(f"created user {user.email}"))


@app.command()
def login_link(email: Email, as_json: AsJson = False) -> None:
    """Print a link that signs the user in once, within half an hour."""
    with errors_shown(as_json):
        join_installation()
        with session_scope() as session:
            link = make_login_link(service.create_login_link_token(session, service.user_by_email(session, email).id))
        show({"url": link}, as_json, lambda: out.print(link, soft_wrap=True))


def make_login_link(token: str) -> str:
    """The address of a login link."""
    return f"{get_settings().browser_url}/api/auth/link?token={token}"
