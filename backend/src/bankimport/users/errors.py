"""What can go wrong when somebody signs in."""

from bankimport.errors import BankImportError


class WrongCredentials(BankImportError):
    """The e-mail address and password do not belong together."""

    code = "wrong_credentials"
    http_status = 401


class LoginLinkUsed(BankImportError):
    """The one-time link was used, has ended, or never was."""

    code = "login_link_used"
    http_status = 401


class UserExists(BankImportError):
    """Somebody has this e-mail address already."""

    code = "user_exists"
    http_status = 409


class PasswordTooWeak(BankImportError):
    """The password is too short to be of use."""

    code = "password_too_weak"
    http_status = 422
