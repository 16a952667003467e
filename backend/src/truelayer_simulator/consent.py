"""TrueLayer's authorisation host: consent pages, codes, tokens, re-authorisation and extension."""

import base64
import hashlib
import html
import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from truelayer_simulator.profiles import BankProfile
from truelayer_simulator.state import (
    ACCESS_TOKEN_S,
    CODE_S,
    AccessToken,
    Code,
    Consent,
    Simulator,
    WireError,
)
from truelayer_simulator.v3 import tokens

_STYLE = """body{font:16px/1.5 system-ui,sans-serif;background:#f4f5f7;color:#1c1e21;margin:0}
main{max-width:26rem;margin:8vh auto;background:#fff;padding:2rem;border-radius:12px;box-shadow:0 1px 6px #0002}
h1{font-size:1.3rem;margin:0 0 1rem}label{display:block;margin:.8rem 0 .2rem}
input,select{font:inherit;width:100%;padding:.5rem;border:1px solid #8a8f98;border-radius:8px;box-sizing:border-box}
button{font:inherit;margin-top:1.2rem;padding:.6rem 1rem;border:0;border-radius:8px;background:#1558d6;color:#fff}
button.quiet{background:#e4e6eb;color:#1c1e21;margin-left:.5rem}.error{color:#b3261e}"""


def is_known_user(user: str, password: str) -> bool:
    """Whether the mock bank knows this user and password. Source: docs.truelayer.com, "Mock users"."""
    if user.startswith("error."):
        return password == "error"  # noqa: S105 - the sandbox's published password
    suffix = user.removeprefix("john")
    if not user.startswith("john") or (suffix and not (suffix.isdigit() and 1 <= int(suffix) <= 100)):
        return False
    return password in {"doe" + suffix, "iban" + suffix, "eternal"}


async def authorise(request: Request, simulator: Simulator) -> Response:
    """GET / shows the consent page, or consents at once if the query contains user and password; POST / answers it."""
    parameters = dict(request.query_params)
    if request.method == "POST":
        form = {name: str(value) for name, value in (await request.form()).items()}
        parameters = {**json.loads(form.get("wanted", "{}")), **form}
    redirect_uri = parameters.get("redirect_uri", "")
    if parameters.get("response_type") != "code":
        return _problem("response_type must be code")
    if parameters.get("client_id") != simulator.client_id:
        return _problem("client_id is not known")
    if not redirect_uri or (simulator.redirect_uris and redirect_uri not in simulator.redirect_uris):
        return _problem("redirect_uri is not registered")
    banks = _offered(simulator, parameters)
    if not banks:
        return _problem("none of the providers is known")
    if parameters.get("action") == "cancel":
        return _send_back(parameters, {"error": "access_denied", "error_description": "the user cancelled"})
    user, password = parameters.get("simulator_user"), parameters.get("simulator_password")
    if user is None:
        return _page(parameters, banks, None)
    bank_id = parameters.get("bank") or banks[0].provider_id
    if bank_id not in {bank.provider_id for bank in banks} or not is_known_user(user, password or ""):
        return _page(parameters, banks, "Wrong user name or password.")
    consent = simulator.consents.get(parameters.get("renews", ""))
    if consent is None:
        flavour = (password or "").rstrip("0123456789")
        consent = simulator.consent(bank_id, user, flavour, parameters.get("scope", "").split())
    else:
        simulator.renew(consent)
    code = secrets.token_urlsafe(32)
    simulator.codes[code] = Code(
        consent,
        parameters["client_id"],
        redirect_uri,
        simulator.now() + timedelta(seconds=CODE_S),
        parameters.get("code_challenge") or None,
    )
    return _send_back(parameters, {"code": code, "scope": parameters.get("scope", "")})


def _offered(simulator: Simulator, parameters: Mapping[str, str]) -> list[BankProfile]:
    names = parameters.get("providers", "").split()
    if parameters.get("provider_id"):
        names = [parameters["provider_id"]]
    if parameters.get("enable_mock") == "true":
        names = names or ["mock"]
    groups = ("uk-ob-all", "uk-oauth-all", "ie-ob-all")
    if not names or any(name in groups for name in names):
        return [bank for bank in simulator.profiles.values() if bank.provider_id != "mock"]
    return [simulator.profiles[name] for name in names if name in simulator.profiles]


def _send_back(parameters: Mapping[str, str], answer: dict[str, str]) -> Response:
    if parameters.get("state"):
        answer["state"] = parameters["state"]
    target = parameters["redirect_uri"]
    if parameters.get("response_mode") == "form_post":
        inputs = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in answer.items()
        )
        return HTMLResponse(
            f'<form method="post" action="{html.escape(target)}">{inputs}<button>Continue</button></form>'
            "<script>document.forms[0].submit()</script>"
        )
    separator = "&" if "?" in target else "?"
    return RedirectResponse(target + separator + urlencode(answer, quote_via=quote), status_code=302)


def _page(parameters: Mapping[str, str], banks: list[BankProfile], error: str | None) -> Response:
    options = "".join(f'<option value="{bank.provider_id}">{html.escape(bank.display_name)}</option>' for bank in banks)
    others = {name: value for name, value in parameters.items() if not name.startswith("simulator_")}
    return HTMLResponse(
        f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Connect your bank</title>
<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><main>
<h1>Share your accounts</h1><p>Sign in at your bank to share accounts, cards and transactions.</p>
{f'<p class="error" role="alert">{error}</p>' if error else ""}
<form method="post" action="/"><input type="hidden" name="wanted" value="{html.escape(json.dumps(others))}">
<label for="bank">Bank</label><select id="bank" name="bank">{options}</select>
<label for="user">User name</label><input id="user" name="simulator_user" value="john" autocomplete="off">
<label for="password">Password</label><input id="password" name="simulator_password" type="password" value="doe">
<button id="allow" name="action" value="allow">Allow</button>
<button id="cancel" name="action" value="cancel" class="quiet">Cancel</button></form></main></body></html>""",
        status_code=401 if error else 200,
    )


def _problem(text: str) -> Response:
    return HTMLResponse(f"<!doctype html><title>Error</title><h1>Invalid request</h1><p>{text}</p>", status_code=400)


async def token(request: Request, simulator: Simulator) -> Response:
    """POST /connect/token: exchange a code or a refresh token, sent as a form or as JSON."""
    body = await _body(request)
    if body.get("client_id") != simulator.client_id or body.get("client_secret") != simulator.client_secret:
        raise WireError(400, "invalid_client")
    match body.get("grant_type"):
        case "authorization_code":
            return JSONResponse(_exchange(simulator, body))
        case "refresh_token":
            return JSONResponse(_refresh(simulator, body))
        case "client_credentials":
            return JSONResponse(tokens.give(simulator, body))
    raise WireError(400, "unsupported_grant_type")


def _exchange(simulator: Simulator, body: Mapping[str, str]) -> dict[str, Any]:
    code = simulator.codes.pop(body.get("code", ""), None)
    if code is None or code.expires_at < simulator.now() or body.get("redirect_uri") != code.redirect_uri:
        raise WireError(400, "invalid_grant")
    if code.challenge is not None:
        digest = hashlib.sha256(body.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != code.challenge:
            raise WireError(400, "invalid_grant", "code_verifier does not fit")
    return issue_tokens(simulator, code.consent, is_first=True)


def _refresh(simulator: Simulator, body: Mapping[str, str]) -> dict[str, Any]:
    old = body.get("refresh_token", "")
    consent = simulator.refresh.get(old)
    if consent is None or consent.is_revoked or consent.expires_at < simulator.now():
        raise WireError(400, "invalid_grant")
    if simulator.profile(consent.provider_id).rotates_refresh_tokens:
        simulator.used_refresh[old] = simulator.refresh.pop(old)
        return issue_tokens(simulator, consent, is_first=True)
    return issue_tokens(simulator, consent, is_first=False) | {"refresh_token": old}


def issue_tokens(simulator: Simulator, consent: Consent, *, is_first: bool) -> dict[str, Any]:
    """A token answer; with `is_first` it includes a new refresh token if offline access was consented to."""
    expires_at = simulator.now() + timedelta(seconds=ACCESS_TOKEN_S)
    consent.access_tokens += 1
    parts = [
        {"alg": "none", "typ": "JWT"},
        {"sub": consent.credentials_id, "exp": int(expires_at.timestamp()), "jti": secrets.token_hex(8)},
    ]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    access_token = ".".join([*encoded, secrets.token_urlsafe(16)])
    simulator.access[access_token] = AccessToken(consent, expires_at, consent.access_tokens)
    answer: dict[str, Any] = {
        "access_token": access_token,
        "expires_in": ACCESS_TOKEN_S,
        "token_type": "Bearer",
        "scope": " ".join(consent.scopes),
    }
    if is_first and "offline_access" in consent.scopes:
        answer["refresh_token"] = secrets.token_hex(32).upper()
        simulator.refresh[answer["refresh_token"]] = consent
    simulator.remember()
    return answer


async def reauth_uri(request: Request, simulator: Simulator) -> Response:
    """POST /v1/reauthuri: a link that renews a consent, even for some time after it ended."""
    body = await _body(request)
    consent = simulator.refresh.get(body.get("refresh_token", ""))
    if consent is None or consent.expires_at + timedelta(days=90) < simulator.now():
        raise WireError(401, "invalid_request", reason="Invalid refresh_token")
    return JSONResponse({"result": _renewal_link(request, simulator, consent, body), "success": True})


def _renewal_link(request: Request, simulator: Simulator, consent: Consent, body: Mapping[str, Any]) -> str:
    """The consent pages for an existing consent: confirming there renews it, and its id stays."""
    query = {
        "response_type": "code",
        "client_id": simulator.client_id,
        "redirect_uri": body.get("redirect_uri", ""),
        "scope": " ".join(consent.scopes),
        "state": body.get("state", ""),
        "providers": consent.provider_id,
        "provider_id": consent.provider_id,
        "renews": consent.credentials_id,
    }
    if body.get("code_challenge"):
        query |= {"code_challenge": body["code_challenge"], "code_challenge_method": "S256"}
    return f"{request.base_url}?{urlencode(query, quote_via=quote)}"


class ProblemError(Exception):
    """An answer in problem+json (RFC 9457), the format of the extension endpoint."""

    def __init__(self, status: int, title: str, detail: str | None = None, **errors: list[str]) -> None:
        super().__init__(title)
        self.status = status
        self.body: dict[str, Any] = {
            "type": f"https://docs.truelayer.com/docs/error-types#{title.lower().replace(' ', '-')}",
            "title": title,
            "status": status,
            "trace_id": secrets.token_hex(16),
        }
        if detail is not None:
            self.body["detail"] = detail
        if errors:
            self.body["errors"] = errors


_EXTEND_NEEDS = ("client_id", "client_secret", "refresh_token", "redirect_uri", "user")


async def extend(request: Request, simulator: Simulator) -> Response:
    """POST …/connections/extend, as configured in the bank's profile. Source: TrueLayer's specification of the data
    API."""
    try:
        return _extend(request, simulator, await _body(request))
    except ProblemError as problem:
        return JSONResponse(problem.body, status_code=problem.status, media_type="application/problem+json")


def _extend(request: Request, simulator: Simulator, body: Mapping[str, Any]) -> Response:
    consent = simulator.refresh.get(str(body.get("refresh_token", "")))
    path = "older" if request.url.path.startswith("/data/") else "specified"
    if path != (simulator.profile(consent.provider_id).extends_at if consent is not None else "specified"):
        raise WireError(404, "not_found")
    lacking = {name: ["The field is required."] for name in _EXTEND_NEEDS if not body.get(name)}
    if body.get("user_has_reconfirmed_consent") is not True:
        lacking["user_has_reconfirmed_consent"] = ["The value must be true."]
    if lacking:
        raise ProblemError(400, "Validation Error", "The supplied parameters are not valid.", **lacking)
    if body["client_id"] != simulator.client_id or body["client_secret"] != simulator.client_secret:
        raise ProblemError(401, "Unauthorized", "The client is not known.")
    if consent is None or consent.is_revoked or consent.expires_at < simulator.now():
        raise ProblemError(401, "Unauthorized", "The refresh token is missing or invalid.")
    profile = simulator.profile(consent.provider_id)
    if profile.extension == "refused":
        raise ProblemError(422, "No way to extend this connection")
    if profile.extension == "authentication_needed" and consent.flavour != "eternal":
        link = _renewal_link(request, simulator, consent, body)
        return JSONResponse({"action_needed": "authentication_needed", "user_input_link": link})
    simulator.renew(consent)
    return JSONResponse({"action_needed": "no_action_needed", **issue_tokens(simulator, consent, is_first=True)})


async def delete(request: Request, simulator: Simulator) -> Response:
    """DELETE /api/delete: end the consent of the access token. Source: specification of the authorisation server."""
    token = bearer(request, simulator)
    if token is None or token.expires_at < simulator.now():
        raise WireError(401, "invalid_token", "The token expired or is not known")
    if token.consent.is_revoked:
        raise WireError(404, "not_found")
    token.consent.is_revoked = True
    simulator.remember()
    return Response(status_code=200)


def bearer(request: Request, simulator: Simulator) -> AccessToken | None:
    """The access token of a request, if it is a valid one."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return simulator.access.get(value) if scheme.lower() == "bearer" else None


async def providers(_request: Request, simulator: Simulator) -> Response:
    """GET /api/providers: a bare array."""
    return JSONResponse(
        [
            {
                "provider_id": bank.provider_id,
                "display_name": bank.display_name,
                "logo_url": f"https://truelayer-client-logos.s3.amazonaws.com/{bank.provider_id}.svg",
                "country": bank.country,
                "scopes": ["info", "accounts", "balance", "cards", "transactions", "offline_access"],
            }
            for bank in simulator.profiles.values()
        ]
    )


async def _body(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            body = await request.json()
        except ValueError:
            raise WireError(400, "invalid_request") from None
        return body if isinstance(body, dict) else {}
    return {name: str(value) for name, value in (await request.form()).items()}
