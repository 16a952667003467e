"""Errors of sign-in."""

from bankimport.errors import BankImportError


class WrongCredentials(BankImportError):
    """Wrong e-mail address or password."""

    code = "wrong_credentials"
    http_status = 401


class RecentSignInNeeded(BankImportError):
    """The session's user has to give their password again before this."""

    code = "recent_sign_in_needed"
    http_status = 403


class CodeNeeded(BankImportError):
    """The password is right, and the user has a second factor, whose code is missing."""

    code = "code_needed"
    http_status = 401


class WrongCode(BankImportError):
    """The code of the second factor is wrong or was used."""

    code = "wrong_code"
    http_status = 401


class SecondFactorUnfit(BankImportError):
    """The second factor is on already, or not set up."""

    code = "second_factor_unfit"
    http_status = 409


class PasskeyRefused(BankImportError):
    """A passkey's answer is wrong, late, or of a passkey that is not known."""

    code = "passkey_refused"
    http_status = 401


class PasswordNeeded(BankImportError):
    """The passkey is right, but did not check who uses it, so it is only a second factor."""

    code = "password_needed"
    http_status = 401


class PasskeyUnfit(BankImportError):
    """The passkey cannot be added: it is wrong, known already, or one too many."""

    code = "passkey_unfit"
    http_status = 409


class PasskeysUnavailable(BankImportError):
    """Browsers offer no passkeys at the address of this installation."""

    code = "passkeys_unavailable"
    http_status = 409


class ProviderFailed(BankImportError):
    """A provider of sign-ins cannot be reached, or its answer cannot be used."""

    code = "provider_failed"
    http_status = 502


class ProviderRefused(BankImportError):
    """A provider did not sign the user in, or this browser did not begin it."""

    code = "provider_refused"
    http_status = 401


class IdentityUnknown(BankImportError):
    """The account at the provider belongs to no user."""

    code = "identity_unknown"
    http_status = 401


class IdentityTaken(BankImportError):
    """The account at the provider signs in another user."""

    code = "identity_taken"
    http_status = 409


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
    """The user has reached the maximum number of tokens."""

    code = "too_many_tokens"
    http_status = 409


class LastAdministrator(BankImportError):
    """Nobody could manage users any more."""

    code = "last_administrator"
    http_status = 409
