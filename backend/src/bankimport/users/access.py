"""Who may do what: roles of users, scopes of tokens, and what an operation needs; pure."""

from enum import StrEnum

from bankimport.errors import Forbidden

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Role(StrEnum):
    """What a user may do."""

    ADMIN = "admin"
    """Everything a member may, and manage users."""
    MEMBER = "member"
    READ_ONLY = "read_only"
    """See their own data, and change nothing but their own sign-in."""


class Scope(StrEnum):
    """What an API token may do."""

    READ = "read"
    IMPORT = "import"
    """Plan, start and control imports."""
    MANAGE = "manage"
    """Everything else that changes something."""
    ATTENDED = "attended"
    """Pass on the address of the person for whom a program asks; banks then count its calls as made by them."""


USUAL_SCOPES = (Scope.READ, Scope.IMPORT, Scope.MANAGE)

_READS_BY_POST = ("/estimate", "/preview")
"""How the paths of operations end that are sent by POST and change nothing."""

_IMPORTS = ("/api/truelayer/import/", "/api/truelayer/accounts/")
_IMPORTS_NOT = "/api/truelayer/import/schedules"
_OWN_SIGN_IN = (
    "/api/auth/logout",
    "/api/auth/confirm",
    "/api/auth/password",
    "/api/auth/totp",
    "/api/auth/passkeys",
    "/api/auth/oidc",
    "/api/auth/sessions",
)
_ERASURE = "/api/me"


def needed_scope(method: str, path: str) -> Scope:
    """What a token needs for a request."""
    if method in READING_METHODS or path.endswith(_READS_BY_POST):
        return Scope.READ
    if path.startswith(_IMPORTS) and (not path.startswith(_IMPORTS_NOT) or path.endswith("/run")):
        return Scope.IMPORT
    return Scope.MANAGE


def check_access(role: Role, scopes: frozenset[Scope] | None, method: str, path: str) -> None:
    """Check that a caller may make this request. `scopes` are those of their token, None with a session.

    Raises:
        Forbidden: the token lacks the scope, or the user may only read.
    """
    needed = needed_scope(method, path)
    if scopes is not None and needed not in scopes:
        raise Forbidden(f"this token lacks the scope {needed}; make one that has it", needed_scope=needed.value)
    is_own = path.startswith(_OWN_SIGN_IN) or path == _ERASURE
    if role is Role.READ_ONLY and needed is not Scope.READ and not is_own:
        raise Forbidden("you may only read; an administrator can change that")
