"""Errors of sign-in."""

from bankimport.errors import BankImportError


class WrongCredentials(BankImportError):
    """Wrong e-mail address or password."""

    code = "wrong_credentials"
    http_status = 401


class LoginLinkUsed(BankImportError):
    """The one-time link was used, has expired, or never existed."""

    code = "login_link_used"
    http_status = 401


class FirstLinkUsed(BankImportError):
    """There is a user already, or the link for the first one has expired or never existed."""

    code = "first_link_used"
    http_status = 401


class UserExists(BankImportError):
    """Another user already has this e-mail address."""

    code = "user_exists"
    http_status = 409


class PasswordTooWeak(BankImportError):
    """The password is too short, or among the first that are tried."""

    code = "password_too_weak"
    http_status = 422


class TooManyTokens(BankImportError):
    """The user has as many tokens as one may have."""

    code = "too_many_tokens"
    http_status = 409


class LastAdministrator(BankImportError):
    """Nobody could manage users any more."""

    code = "last_administrator"
    http_status = 409
