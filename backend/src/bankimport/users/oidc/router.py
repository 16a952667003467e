"""Sign-in through providers over HTTP. What begins it is a POST of this page; the provider sends browsers back."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bankimport.auth import (
    CurrentUser,
    RecentPerson,
    authenticate,
    device_of,
    is_behind_tls,
    refuse_other_sites,
    session_cookie,
    set_session_cookies,
)
from bankimport.db.acting import for_everyone
from bankimport.db.request import SessionDep
from bankimport.db.session import session_scope
from bankimport.edge.plain_page import link, paragraph, plain_page
from bankimport.edge.waiting import PLACES
from bankimport.errors import BankImportError
from bankimport.ids import Id
from bankimport.settings.types import OidcProvider
from bankimport.users.oidc.flow import LIFETIME, begin, read_begun
from bankimport.users.oidc.identities import identities_of, unlink_identity
from bankimport.users.oidc.providers import provider_named, providers
from bankimport.users.oidc.schemas import (
    AtProvider,
    FactorsWanted,
    IdentityList,
    IdentityRead,
    ProviderList,
    ProviderRead,
    ProviderWanted,
    SecondFactorGiven,
)
from bankimport.users.oidc.second_step import LIFETIME as SECOND_STEP_LIFETIME
from bankimport.users.oidc.second_step import factors_of, finish_second_step, read_second_step
from bankimport.users.oidc.sign_in import WaitsForFactor, link_from_provider, sign_in_from_provider
from bankimport.users.schemas import UserRead

PREFIX = "/api/auth/oidc"
SECURITY_PAGE = "/settings/security"

router = APIRouter(prefix=PREFIX, tags=["auth"])


@router.get("")
def list_providers(request: Request) -> ProviderList:
    """The providers at which one can sign in, and whether a sign-in in this browser waits for a second factor."""
    step, wanted = read_second_step(request.cookies.get(_step_cookie())), None
    if step is not None:
        with for_everyone(), session_scope() as reader:
            found = factors_of(reader, step.user_id)
        wanted = FactorsWanted(code=found.code, passkey=found.passkey)
    named = [ProviderRead(name=each.name, label=each.label) for each in providers()]
    return ProviderList(providers=named, second_factor=wanted)


@router.post("/second-factor")
def give_second_factor(given: SecondFactorGiven, request: Request, response: Response) -> UserRead:
    """Give the second factor that a sign-in at a provider waits for in this browser; sets the session cookie."""
    refuse_other_sites(request)
    step = read_second_step(request.cookies.get(_step_cookie()))
    with for_everyone():
        outcome = finish_second_step(step, device_of(request), given.code, given.passkey)
    set_session_cookies(response, outcome.token, outcome.device_mark)
    _forget(response, _step_cookie())
    return UserRead.model_validate(outcome.user)


@router.delete("/second-factor", status_code=204)
def give_up(request: Request, response: Response) -> None:
    """Sign in another way: the sign-in that waits in this browser ends."""
    refuse_other_sites(request)
    _forget(response, _step_cookie())


@router.post("/{provider}/sign-in", status_code=201)
def begin_sign_in(provider: str, body: ProviderWanted, request: Request, response: Response) -> AtProvider:
    """Begin to sign in at a provider: where the browser goes. It has ten minutes to come back."""
    refuse_other_sites(request)
    with PLACES.place(device_of(request).address or "unknown"):
        return _begun(response, provider_named(provider), body.return_to)


@router.post("/{provider}/link", status_code=201)
def begin_link(provider: str, response: Response, caller: RecentPerson) -> AtProvider:
    """Begin to link an account at a provider, so that it signs in this user: where the browser goes."""
    with PLACES.place(caller.user.id):
        return _begun(response, provider_named(provider), SECURITY_PAGE, caller.user.id)


@router.get("/callback", include_in_schema=False)
def come_back(
    request: Request, state: str = "", code: str | None = None, error: str | None = None, iss: str | None = None
) -> Response:
    """Where a provider sends the browser back: sign in or link, and redirect to the page."""
    device = device_of(request)
    try:
        with PLACES.place(device.address or "unknown"), for_everyone():
            begun = read_begun(request.cookies.get(_cookie()), state)
            response = RedirectResponse(begun.return_to, status_code=303)
            if begun.user_id is not None:
                link_from_provider(begun, _signed_in(request), code, error, iss)
            else:
                outcome = sign_in_from_provider(begun, code, error, iss, device)
                if isinstance(outcome, WaitsForFactor):
                    _keep(response, _step_cookie(), outcome.cookie, SECOND_STEP_LIFETIME)
                else:
                    set_session_cookies(response, outcome.token, outcome.device_mark)
    except BankImportError as failure:
        return _forget(_no_sign_in(failure), _cookie())
    return _forget(response, _cookie())


@router.get("/identities")
def list_identities(session: SessionDep, user: CurrentUser) -> IdentityList:
    """The accounts at providers that sign in the user."""
    labels = {each.issuer: each.label for each in providers()}
    return IdentityList(
        identities=[
            IdentityRead(
                id=row.id,
                provider=labels.get(row.issuer, row.issuer),
                email=row.email,
                created_at=row.created_at,
                last_used_at=row.last_used_at,
            )
            for row in identities_of(session, user.id)
        ]
    )


@router.delete("/identities/{identity_id}", status_code=204)
def unlink(identity_id: Id, session: SessionDep, caller: RecentPerson) -> None:
    """Unlink an account at a provider: it does not sign in any more."""
    unlink_identity(session, caller.user.id, identity_id)


def _begun(response: Response, provider: OidcProvider, return_to: str, user_id: int | None = None) -> AtProvider:
    url, cookie = begin(provider, return_to, user_id)
    _keep(response, _cookie(), cookie, LIFETIME)
    return AtProvider(url=url)


def _keep(response: Response, name: str, value: str, lifetime: timedelta) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(lifetime.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=is_behind_tls(),
        path="/",
    )


def _signed_in(request: Request) -> int | None:
    """The user of this browser's session."""
    with session_scope() as session:
        user = authenticate(session, request.cookies.get(session_cookie()), None)
    return None if user is None else user.id


def _forget(response: Response, name: str) -> Response:
    response.delete_cookie(name, path="/", secure=is_behind_tls(), httponly=True)
    return response


def _cookie() -> str:
    return "__Host-bankimport_oidc" if is_behind_tls() else "bankimport_oidc"


def _step_cookie() -> str:
    return f"{_cookie()}_step"


def _no_sign_in(failure: BankImportError) -> Response:
    return plain_page(
        "The provider did not sign you in",
        paragraph(f"{failure.message[:1].upper()}{failure.message[1:]}.", is_fault=True),
        link("Go to bankimport", "/"),
        status_code=failure.http_status,
    )
