"""Our client id at TrueLayer: show it, check it with TrueLayer, and store it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.connections.calls.clients import auth_client_of
from bankimport.connections.calls.credentials import (
    Credentials,
    forget_credentials,
    hosts_of,
    of_database,
    of_settings,
)
from bankimport.connections.errors import BanksConnected, SetByEnvironment
from bankimport.connections.models import (
    BankConnection,
    ConnectionStatus,
    TrueLayerApplication,
    TrueLayerEnvironment,
)
from bankimport.connections.schemas import (
    SetupCheck,
    SetupChecks,
    TrueLayerSetup,
    TrueLayerSetupChange,
    TrueLayerSetupRequest,
)
from bankimport.db.session import after_commit, session_scope
from bankimport.errors import InvalidRequest
from bankimport.secrets import encrypt
from bankimport.settings import get_settings
from bankimport.truelayer.errors import ConsentExpired, InvalidClient, TrueLayerError
from bankimport.truelayer.transport import NotConnected
from bankimport.users.record import record

SANDBOX_PREFIX = "sandbox-"
"""How client ids of the sandbox begin."""

_NOWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared, not listened on
_ANY_CODE = "bankimport-checks-its-client"


def setup_read(session: Session) -> TrueLayerSetup:
    """The set-up in force."""
    settings = get_settings()
    row = session.get(TrueLayerApplication, TrueLayerApplication.ONLY)
    ours = of_settings(settings)
    client_id: str | None
    if ours is not None:
        source, client_id, auth_url = "environment", ours.client_id, ours.auth_url
    elif row is not None:
        source, client_id, auth_url = "database", row.client_id, hosts_of(row.environment)[0]
    else:
        source, client_id, auth_url = "none", settings.truelayer_client_id, settings.truelayer_auth_url
    return TrueLayerSetup.model_validate(
        {
            "source": source,
            "environment": _environment_of(auth_url) if source != "database" or row is None else row.environment,
            "client_id": client_id,
            "has_secret": source != "none",
            "redirect_uri": settings.redirect_uri,
            "auth_url": auth_url,
            "changed_at": row.changed_at if source == "database" and row is not None else None,
        }
    )


def save_setup(session: Session, request: TrueLayerSetupChange, *, by: int | None) -> None:
    """Store a client id and secret, without a check; every process uses them within seconds.

    Raises:
        SetByEnvironment: environment variables have an id and a secret.
        InvalidRequest: there is neither a secret nor a stored one of this client id.
        BanksConnected: banks are connected with another client id, and `even_if_connected` is not set.
    """
    if of_settings(get_settings()) is not None:
        raise SetByEnvironment(
            "TRUELAYER_CLIENT_ID and TRUELAYER_CLIENT_SECRET are set and win over what is stored; change them there, "
            "or unset both and restart"
        )
    row = session.get(TrueLayerApplication, TrueLayerApplication.ONLY, with_for_update=True)
    is_same = row is not None and (row.client_id, row.environment) == (request.client_id, request.environment)
    if request.client_secret is None and not is_same:
        raise InvalidRequest("client_secret: give the secret that belongs to this client id")
    if row is not None and not is_same and not request.even_if_connected:
        _refuse_if_connected(session)
    values: dict[str, object] = {"environment": request.environment, "client_id": request.client_id}
    if request.client_secret is not None:
        values["client_secret_encrypted"] = encrypt(request.client_secret.get_secret_value())
    if row is None:
        row = TrueLayerApplication(id=TrueLayerApplication.ONLY)
        session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.changed_at = utc_now()
    record(session, by, "truelayer.set_up", client_id=request.client_id, environment=request.environment.value)
    session.flush()
    after_commit(session, forget_credentials)


def check_setup(request: TrueLayerSetupRequest) -> SetupChecks:
    """Try a client id and secret at TrueLayer. Without a secret, the one in force is tried. Nothing is stored.

    Raises:
        InvalidRequest: there is no secret to try.
    """
    if request.client_secret is not None:
        secret = request.client_secret.get_secret_value()
    else:
        with session_scope() as session:
            known = of_settings(get_settings()) or of_database(session)
        if known is None or known.client_id != request.client_id:
            raise InvalidRequest("client_secret: give the secret that belongs to this client id")
        secret = known.client_secret
    tried = Credentials(*hosts_of(request.environment), request.client_id, secret)
    checks = list(check_credentials(tried, get_settings().redirect_uri, request.environment))
    return SetupChecks(is_well=all(check.is_well for check in checks), checks=checks)


def check_credentials(
    tried: Credentials, redirect_uri: str, environment: TrueLayerEnvironment | None = None
) -> Iterator[SetupCheck]:
    """Try a client id and secret at TrueLayer, and look at the redirect URI.

    Without an environment, it is the one whose host the credentials name; with neither, it is not checked.
    """
    environment = environment or _environment_of(tried.auth_url)
    if environment is not None:
        found = _check_environment(environment, tried)
        yield found
        if not found.is_well:
            return
    yield _check_client(tried, redirect_uri)
    yield _check_redirect_uri(redirect_uri)


def _check_environment(environment: TrueLayerEnvironment, tried: Credentials) -> SetupCheck:
    is_sandbox_id = tried.client_id.startswith(SANDBOX_PREFIX)
    if is_sandbox_id != (environment is TrueLayerEnvironment.SANDBOX):
        kind, other = ("sandbox", "live") if is_sandbox_id else ("live", "sandbox")
        return SetupCheck(
            name="environment",
            is_well=False,
            found=f"this is a client id of the {kind} environment",
            remedy=f"choose {kind} as environment, or switch the console to {other} and copy the client id from there",
        )
    return SetupCheck(name="environment", is_well=True, found=f"the client id is one of the {environment} environment")


def _check_client(tried: Credentials, redirect_uri: str) -> SetupCheck:
    """Exchange a code that does not exist: a server looks at the client first, and refuses the code only then.

    Source: RFC 6749, section 5.2.
    """
    passed = SetupCheck(name="client", is_well=True, found=f"{tried.auth_url} accepts the client id and secret")
    try:
        auth_client_of(tried).exchange_code(_ANY_CODE, redirect_uri=redirect_uri, code_verifier=None)
    except ConsentExpired:
        return passed
    except InvalidClient as refusal:
        if refusal.bank_code == "invalid_redirect_uri":
            found, remedy = "TrueLayer does not know the redirect URI", _REGISTER
        else:
            found = "TrueLayer refuses the client id or the secret"
            remedy = "copy both again from the console; if the secret is lost, make a new one there"
        return SetupCheck(name="client", is_well=False, found=found, remedy=remedy)
    except NotConnected:
        remedy = "check this machine's connection to the internet, and its proxy if it needs one"
        return SetupCheck(name="client", is_well=False, found=f"{tried.auth_url} cannot be reached", remedy=remedy)
    except TrueLayerError as failure:
        remedy = "try again in a few minutes"
        return SetupCheck(name="client", is_well=False, found=failure.message, remedy=remedy)
    return passed


_REGISTER = "register it in the console, under the application's settings, exactly as it is shown here"


def _check_redirect_uri(uri: str) -> SetupCheck:
    if urlsplit(uri).hostname in _NOWHERE:
        return SetupCheck(
            name="redirect_uri",
            is_well=False,
            found=f"no browser can return to {uri}",
            remedy="set BANKIMPORT_PUBLIC_URL to the address at which you open this page, and restart",
        )
    found = f"banks send you back to {uri}; TrueLayer says only at the first bank whether it is registered"
    return SetupCheck(name="redirect_uri", is_well=True, found=found)


def _environment_of(auth_url: str) -> TrueLayerEnvironment | None:
    host = urlsplit(auth_url).hostname
    known = {
        "auth.truelayer-sandbox.com": TrueLayerEnvironment.SANDBOX,
        "auth.truelayer.com": TrueLayerEnvironment.LIVE,
    }
    return known.get(host or "")


def _refuse_if_connected(session: Session) -> None:
    active = BankConnection.status == ConnectionStatus.ACTIVE
    connected = session.scalars(select(func.count()).select_from(BankConnection).where(active)).one()
    if connected:
        banks = "1 bank is" if connected == 1 else f"{connected} banks are"
        raise BanksConnected(
            f"{banks} connected with the present client id; with another one, all have to be connected again",
            connected=connected,
        )
