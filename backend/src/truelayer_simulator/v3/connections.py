"""A new connection, its hosted page, its user and its accounts."""

import html
import json
import secrets
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from truelayer_simulator.accounts import accounts_of, holder_number, sort_code
from truelayer_simulator.consent import is_known_user
from truelayer_simulator.dataset import AccountKey
from truelayer_simulator.profiles import BankProfile
from truelayer_simulator.state import Simulator
from truelayer_simulator.v3 import webhooks
from truelayer_simulator.v3.checks import check_connection
from truelayer_simulator.v3.problems import V3Problem
from truelayer_simulator.v3.rows import account_id
from truelayer_simulator.v3.state import CONSENT_LASTS, V3Connection

MOST_ACCOUNTS = 50


@dataclass(frozen=True, slots=True)
class V3Account:
    """An account of a connection, its id there, and whether it is a card."""

    id: str
    key: AccountKey


async def create(request: Request, simulator: Simulator) -> Response:
    """POST /v3/data-connections."""
    if not simulator.v3.settings.product_enabled:
        raise V3Problem("forbidden")
    body = check_connection(await json_of(request), simulator.v3.settings)
    selection = body["provider_selection"]
    page, flow = body.get("hosted_page") or {}, body.get("authorization_flow")
    return_uri = page.get("return_uri") or (flow or {}).get("redirect", {}).get("return_uri", "")
    base = return_uri.split("?")[0]
    if base and simulator.redirect_uris and base not in [uri.split("?")[0] for uri in simulator.redirect_uris]:
        raise V3Problem("invalid-parameters", {"return_uri": ["Must be registered"]})
    offered = _offered(simulator, selection)
    if not offered:
        raise V3Problem("invalid-parameters", {"provider_selection": ["Matches no provider"]})
    user = {"id": str(body["user"].get("id") or uuid.uuid4()), "name": body["user"]["name"]}
    connection = V3Connection(
        id=str(uuid.uuid4()),
        user=user,
        scopes=tuple(body["scopes"]),
        provider_ids=tuple(bank.provider_id for bank in offered),
        return_uri=return_uri,
        created_monotonic=time.monotonic(),
        is_one_time=body.get("data_access_type") == "one_time",
        metadata=body.get("metadata") or {},
    )
    simulator.v3.connections[connection.id] = connection
    uri = f"{request.base_url}v3/hosted/{connection.id}?connection_id={connection.id}"
    answer: dict[str, Any] = {"id": connection.id, "user": {"id": user["id"]}, "status": "authorization_required"}
    if page:
        answer["hosted_page"] = {"uri": uri}
    if flow is not None:
        connection.state = "authorizing"
        answer["status"] = "authorizing"
        answer["authorization_flow"] = {"actions": {"next": _next_action(selection, offered, uri)}}
    return JSONResponse(answer, 201, media_type="application/json; charset=UTF-8")


def _next_action(selection: dict[str, Any], offered: list[BankProfile], uri: str) -> dict[str, Any]:
    if selection["type"] == "preselected":
        return {"type": "redirect", "uri": uri}
    logo = "https://truelayer-client-logos.s3.amazonaws.com/"
    return {
        "type": "provider_selection",
        "providers": [
            {
                "id": bank.provider_id,
                "display_name": bank.display_name,
                "icon_uri": f"{logo}{bank.provider_id}-icon.svg",
                "logo_uri": f"{logo}{bank.provider_id}.svg",
                "bg_color": "#1558D6",
            }
            for bank in offered
        ],
    }


def _offered(simulator: Simulator, selection: dict[str, Any]) -> list[BankProfile]:
    if selection["type"] == "preselected":
        bank = simulator.profiles.get(selection["provider_id"])
        return [bank] if bank is not None else []
    chosen = selection.get("filter") or {}
    parameters, unwanted = chosen.get("provider_ids"), (chosen.get("excludes") or {}).get("provider_ids") or ()
    return [
        bank
        for name, bank in simulator.profiles.items()
        if name not in unwanted and (name in parameters if parameters else name != "mock")
    ]


async def hosted_page(request: Request, simulator: Simulator) -> Response:
    """The page on which the user consents; with user and password in the query it consents at once."""
    settings = simulator.v3.settings
    connection = simulator.v3.connections.get(request.path_params["connection_id"])
    if connection is None or connection.state not in ("authorization_required", "authorizing"):
        return HTMLResponse("<h1>This link was used already.</h1>", 410)
    parameters = dict(request.query_params)
    if request.method == "POST":
        parameters |= {name: str(value) for name, value in (await request.form()).items()}
    if settings.link_seconds is not None and time.monotonic() - connection.created_monotonic > settings.link_seconds:
        await _fail(request, simulator, connection, "expired")
        return HTMLResponse("<h1>This link is too old.</h1>", 410)
    if parameters.get("action") == "cancel":
        await _fail(request, simulator, connection, "canceled")
        return _back(simulator, connection)
    user, bank_id = parameters.get("simulator_user"), parameters.get("bank") or connection.provider_ids[0]
    if user is None or bank_id not in connection.provider_ids:
        return _form(simulator, connection, "")
    if not is_known_user(user, parameters.get("simulator_password", "")):
        return _form(simulator, connection, "The user name and password do not belong together.")
    if user.startswith("error."):
        await _fail(request, simulator, connection, "provider_rejected")
        return _back(simulator, connection)
    connection.state, connection.provider_id, connection.bank_user = "authorized", bank_id, user
    connection.authorized_at = simulator.now()
    simulator.v3.consent_numbers[bank_id, user] += 1
    connection.number = simulator.v3.consent_numbers[bank_id, user]
    notice = {"connection_id": connection.id, "authorized_at": webhooks.moment(connection.authorized_at)}
    if connection.metadata:
        notice |= {"metadata": connection.metadata}  # type: ignore[dict-item]
    await webhooks.announce(request, simulator, "connection_authorized", notice)
    return _back(simulator, connection)


async def _fail(request: Request, simulator: Simulator, connection: V3Connection, reason: str) -> None:
    stage = connection.state
    connection.state = "failed"
    notice = {"connection_id": connection.id, "failed_at": webhooks.moment(simulator.now()), "failure_stage": stage}
    await webhooks.announce(request, simulator, "connection_failed", {**notice, "failure_reason": reason})


def _back(simulator: Simulator, connection: V3Connection) -> Response:
    how = simulator.v3.settings.return_query
    if how == "never" or not connection.return_uri:
        return HTMLResponse("<h1>Done. You may close this page.</h1>")
    separator = "&" if "?" in connection.return_uri else "?"
    added = f"{separator}{urlencode({'tl_ref': secrets.token_hex(4)})}" if how == "unknown_parameters" else ""
    return RedirectResponse(connection.return_uri + added, status_code=302)


def _form(simulator: Simulator, connection: V3Connection, error: str) -> Response:
    options = "".join(
        f'<option value="{name}">{html.escape(simulator.profiles[name].display_name)}</option>'
        for name in connection.provider_ids
    )
    return HTMLResponse(
        f'<form method="post"><h1>Share your accounts</h1><p>{html.escape(error)}</p>'
        f'<label>Bank <select name="bank">{options}</select></label>'
        '<label>User <input name="simulator_user"></label>'
        '<label>Password <input name="simulator_password" type="password"></label>'
        '<button>Allow</button><button name="action" value="cancel">Cancel</button></form>'
    )


def usable(simulator: Simulator, connection_id: str | None, scope: str) -> V3Connection:
    """The connection that a data call is made through.

    Raises:
        V3Problem: not given, not known, not authorised yet, over, or without the scope.
    """
    settings = simulator.v3.settings
    if not connection_id:
        raise V3Problem("invalid-parameters", {"Connection-Id": ["Must be provided"]})
    connection = simulator.v3.connections.get(connection_id)
    if connection is None:
        raise V3Problem("not-found")
    if connection.state in ("authorization_required", "authorizing", "failed"):
        raise V3Problem({"not_found": "not-found"}.get(settings.probe_before_consent, settings.probe_before_consent))
    assert connection.authorized_at is not None
    age = simulator.now() - connection.authorized_at
    if connection.state == "ended" or age > (timedelta(minutes=5) if connection.is_one_time else CONSENT_LASTS):
        raise V3Problem(settings.after_end)
    if scope not in connection.scopes:
        raise V3Problem("forbidden")
    return connection


async def user_info(request: Request, simulator: Simulator) -> Response:
    """GET /v3/data-connections/{connection_id}/user-info."""
    connection = usable(simulator, request.path_params["connection_id"], "info")
    assert connection.provider_id is not None
    gives = simulator.profile(connection.provider_id).gives_info
    return JSONResponse({"name": f"{connection.bank_user.title()} Doe"} if gives else {})


async def list_accounts(request: Request, simulator: Simulator) -> Response:
    """GET /v3/connected-accounts: accounts, then cards, each by id. A cursor has no effect."""
    connection = usable(simulator, request.headers.get("connection-id"), "accounts")
    kind = request.query_params.get("type")
    if kind not in (None, "account", "card"):
        raise V3Problem("invalid-parameters", {"type": ["Must be account or card"]})
    assert connection.provider_id is not None
    profile = simulator.profile(connection.provider_id)
    items = [_described(account, profile) for account in accounts(simulator, connection)]
    items = sorted(
        (item for item in items if kind in (None, item["type"])), key=lambda item: (item["type"], item["id"])
    )
    pagination = {"next_cursor": "again"} if simulator.v3.settings.account_cursor == "always_same" else {}
    return JSONResponse({"items": items[:MOST_ACCOUNTS], "pagination": pagination})


def accounts(simulator: Simulator, connection: V3Connection) -> list[V3Account]:
    """The connection's accounts and cards."""
    assert connection.provider_id is not None
    profile = simulator.profile(connection.provider_id)
    return [
        V3Account(account_id(key, simulator.v3.settings, connection.number), key)
        for is_card in (False, True)
        for key in accounts_of(simulator, profile, connection.bank_user, is_card)
    ]


def _described(account: V3Account, profile: BankProfile) -> dict[str, Any]:
    key = account.key
    if key.is_card:
        return {"id": account.id, "type": "card"}
    number = key.number + 1
    digits = f"{number * 10_000_000 + holder_number(key.user) + (1 if profile.same_as else 0):08d}"
    return {
        "id": account.id,
        "type": "account",
        "currency": "GBP",
        "account_type": "savings" if profile.accounts >= 5 and number in (4, 5) else "current",
        "customer_segment": "retail",
        "account_identifiers": [
            {
                "type": "sort_code_account_number",
                "sort_code": sort_code(profile).replace("-", ""),
                "account_number": digits,
            }
        ],
        "account_holder_names": [f"{key.user.title()} Doe"],
        "bic": profile.swift_bic,
    }


async def json_of(request: Request) -> Any:
    """The request's body.

    Raises:
        V3Problem: it is not JSON.
    """
    try:
        return await request.json()
    except (ValueError, json.JSONDecodeError):
        raise V3Problem("invalid-parameters", {"body": ["Must be JSON"]}) from None
