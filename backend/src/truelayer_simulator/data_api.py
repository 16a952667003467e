"""The data endpoints: /me, accounts, cards, balances, transactions, pending, and others that an importer may call."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from truelayer_simulator.accounts import Seen, describe, is_counted, is_in_sca, listed, one, opened_on, stamp
from truelayer_simulator.consent import bearer
from truelayer_simulator.dataset import balance_before
from truelayer_simulator.profiles import BankProfile
from truelayer_simulator.state import AccessToken, Call, Consent, Fault, Simulator, WireError
from truelayer_simulator.tasks import batch_results, queue_batch, queue_task
from truelayer_simulator.wire import RowWriter

_ERROR_USERS = {
    "error.account_permanently_locked": 403,
    "error.account_temporarily_locked": 403,
    "error.internal_error": 500,
    "error.provider_error": 503,
    "error.user_input_required": 403,
    "error.wrong_credentials": 401,
}

_LOOK_S = 0.05
"""How often an answer that is delayed looks whether the delay was changed."""


async def serve(request: Request, simulator: Simulator) -> Response:
    """Any call below /data/v1, with its headers, its faults and its ledger entry."""
    path = request.url.path.removeprefix("/data/v1")
    token = bearer(request, simulator)
    is_attended = "x-psu-ip" in request.headers
    consent = token.consent if token else None
    status = 500
    try:
        fault = simulator.take_fault(request.url.path, consent.provider_id if consent else None)
        if fault is not None:
            broken = await _strike(simulator, fault)
            if broken is not None:
                status = broken.status_code
                return broken
        if token is None or consent is None or token.expires_at < simulator.now():
            raise WireError(401, "invalid_token", "The token expired or is not known")
        if consent.is_revoked or consent.expires_at < simulator.now():
            raise WireError(403, "access_denied", "The consent has ended")
        if consent.user in _ERROR_USERS:
            raise WireError(_ERROR_USERS[consent.user], consent.user.removeprefix("error."))
        if path == "/batch/transactions" and request.method == "POST":
            response = await queue_batch(request, simulator, token)
        elif path == "/batch/results":
            response = await batch_results(
                simulator, token, lambda path, days: _answer(simulator, token, path, days, is_attended)
            )
        elif request.query_params.get("async") == "true" and path.startswith(("/accounts", "/cards")):
            response = queue_task(request, simulator, token, path)
        else:
            parameters = dict(request.query_params)
            response = _answer(simulator, token, path, parameters, is_attended)
        await _delay(lambda: simulator.profile(consent.provider_id).delay_ms)
        if fault is not None and fault.kind == "truncate":
            response = StreamingResponse(_cut_off(response), media_type="application/json")
        status = response.status_code
        response.headers["X-Credentials-Id"] = consent.credentials_id
        return response
    except WireError as error:
        status = error.status
        raise
    finally:
        simulator.calls.append(
            Call(
                simulator.now().isoformat(),
                request.url.path,
                str(request.url.query),
                status,
                is_attended,
                request.headers.get("x-psu-ip"),
                consent.provider_id if consent else None,
                consent.user if consent else None,
            )
        )
        simulator.calls_by_account[request.url.path] += 1


async def _delay(delay_ms: Callable[[], int]) -> None:
    """Wait so long. A delay that is changed meanwhile also counts for this answer."""
    asked_at = time.monotonic()
    while (left := asked_at + delay_ms() / 1000 - time.monotonic()) > 0:
        await asyncio.sleep(min(left, _LOOK_S))


async def _strike(simulator: Simulator, fault: Fault) -> Response | None:
    """The broken answer that a fault causes; None if the real answer should be sent. Its delay ends when it is
    deleted."""
    await _delay(lambda: fault.delay_ms if fault in simulator.faults else 0)
    match fault.kind:
        case "status":
            headers = {"Retry-After": str(fault.retry_after_s)} if fault.retry_after_s is not None else {}
            return JSONResponse({"error": fault.error}, status_code=fault.status, headers=headers)
        case "html_504":
            return Response("<html><h1>504 Gateway Time-out</h1></html>", 504, media_type="text/html")
        case "not_json":
            return Response("<html>hello</html>", 200, media_type="text/html")
        case "not_succeeded":
            return JSONResponse({"results": [], "status": "Running"})
        case "answer":
            return Response(base64.b64decode(fault.body), media_type="application/json")
        case "drop":
            return StreamingResponse(_dropped(), headers={"Content-Length": "1000"}, media_type="application/json")
    return None


async def _dropped() -> AsyncIterator[bytes]:
    yield b""
    raise ConnectionAbortedError("dropped on purpose")


async def _cut_off(response: Response) -> AsyncIterator[bytes]:
    if isinstance(response, StreamingResponse):
        whole = b"".join([bytes(chunk) async for chunk in response.body_iterator])  # type: ignore[arg-type]
    else:
        whole = bytes(response.body)
    yield whole[: len(whole) // 2]
    raise ConnectionAbortedError("cut off on purpose")


def _answer(
    simulator: Simulator, token: AccessToken, path: str, parameters: dict[str, str], is_attended: bool
) -> Response:
    parts = [part for part in path.split("/") if part]
    if len(parts) == 2 and parts[0] == "results":
        task = simulator.tasks.get(parts[1])
        if task is None:
            raise WireError(404, "task_not_found")
        return _answer(simulator, task[0], task[1], task[2], is_attended)
    profile = simulator.profile(token.consent.provider_id)
    match parts:
        case ["me"]:
            return _results([_me(simulator, token.consent, profile)])
        case ["info"]:
            return _results([_info(simulator, token, profile)])
        case ["accounts" | "cards" as half]:
            seen = listed(simulator, token, profile, half)
            return _results([describe(account, profile, simulator, token.consent) for account in seen])
        case ["accounts" | "cards" as half, account_id]:
            return _results(
                [describe(one(simulator, token, profile, half, account_id), profile, simulator, token.consent)]
            )
        case ["accounts" | "cards" as half, account_id, "balance"]:
            account = one(simulator, token, profile, half, account_id)
            _spend(simulator, token, account, "balance", profile, is_attended)
            return _results([_balance(simulator, profile, account)])
        case ["accounts", account_id, "direct_debits" | "standing_orders"]:
            one(simulator, token, profile, "accounts", account_id)
            return _results([])
        case ["accounts" | "cards" as half, account_id, "transactions", "pending"]:
            account = one(simulator, token, profile, half, account_id)
            _spend(simulator, token, account, "pending", profile, is_attended)
            writer = _writer(simulator, token, profile, account, simulator.now().date())
            pending = profile.pending
            if profile.pending_heeds_range and _day(parameters, "to", simulator.now().date()) < simulator.now().date():
                pending = 0
            return Response(writer.pending(pending), media_type="application/json")
        case ["accounts" | "cards" as half, account_id, "transactions"]:
            account = one(simulator, token, profile, half, account_id)
            _spend(simulator, token, account, "transactions", profile, is_attended)
            return _transactions(simulator, token, profile, account, parameters)
    raise WireError(404, "not_found")


def _results(results: list[dict[str, Any]]) -> Response:
    return Response(
        json.dumps({"results": results, "status": "Succeeded"}, separators=(",", ":")), media_type="application/json"
    )


def _me(simulator: Simulator, consent: Consent, profile: BankProfile) -> dict[str, Any]:
    me: dict[str, Any] = {
        "client_id": simulator.client_id,
        "credentials_id": consent.credentials_id,
        "consent_status": "Authorised",
        "consent_expires_at": stamp(consent.expires_at),
        "provider": {"provider_id": profile.provider_id, "display_name": profile.display_name},
        "scopes": consent.scopes,
        "privacy_policy": "Feb2019",
    }
    match profile.consent_end:
        case "absent":
            del me["consent_expires_at"]
        case "year_1":
            me["consent_expires_at"] = "0001-01-01T00:00:00Z"
        case "year_9999":
            me["consent_expires_at"] = "9999-12-31T23:59:59Z"
        case "number":
            me["consent_expires_at"] = int(consent.expires_at.timestamp())
    if profile.has_consent_dates:
        me["consent_created_at"] = stamp(consent.given_at)
    return me


def _info(simulator: Simulator, token: AccessToken, profile: BankProfile) -> dict[str, Any]:
    """The accounts' holder; most banks give only the name."""
    if "info" not in token.consent.scopes:
        raise WireError(403, "access_denied", "the scope info was not consented to")
    if not profile.gives_info:
        raise WireError(501, "endpoint_not_supported", "Feature not supported: info")
    if profile.gives_accounts_only_in_sca and not is_in_sca(simulator, token, profile):
        raise WireError(403, "sca_exceeded")
    return {"full_name": f"{token.consent.user.title()} Doe", "update_timestamp": stamp(simulator.now())}


def _balance(simulator: Simulator, profile: BankProfile, account: Seen) -> dict[str, Any]:
    today = simulator.now().date()
    opened = opened_on(profile, simulator.began_on).toordinal()
    pence = balance_before(account.key, opened, today.toordinal() + 1, profile.balances_amended_on(today))
    balance: dict[str, Any] = {"currency": profile.balance_currency, "update_timestamp": stamp(simulator.now())}
    if account.key.is_card:
        balance["current"] = -pence / 100
        balance["credit_limit"] = 3300.0
    else:
        balance |= {"current": pence / 100, "available": pence / 100 + 100, "overdraft": 100.0}
    if profile.amounts_as_text:
        balance |= {name: f"{value:.2f}" for name, value in balance.items() if isinstance(value, float)}
    return balance


def _spend(
    simulator: Simulator, token: AccessToken, account: Seen, endpoint: str, profile: BankProfile, is_attended: bool
) -> None:
    """Count an unattended call against the bank's daily allowance; failed calls count too."""
    if profile.unattended_calls_a_day is None or is_attended:
        return
    if not is_counted(simulator, token.consent.given_at, in_consent_window=profile.counts_calls_in_consent_window):
        return
    key = (account.key.text, endpoint, simulator.now().date().isoformat())
    simulator.unattended[key] += 1
    if simulator.unattended[key] > profile.unattended_calls_a_day:
        raise WireError(429, "provider_request_limit_exceeded", "The provider's request limit is exceeded")


def _writer(simulator: Simulator, token: AccessToken, profile: BankProfile, account: Seen, as_of: date) -> RowWriter:
    call = sum(
        count for path, count in simulator.calls_by_account.items() if f"/{account.truelayer_id}/transactions" in path
    )
    salt = f"call {call}" if profile.churn == "call" else f"consent {token.consent.number}"
    opened = opened_on(profile, simulator.began_on).toordinal()
    return RowWriter(profile, account.key, opened, as_of, salt, call)


def _transactions(
    simulator: Simulator, token: AccessToken, profile: BankProfile, account: Seen, parameters: dict[str, str]
) -> Response:
    now = simulator.now()
    today = now.date()
    as_of = today
    if profile.caches_for_an_hour:
        key = f"{token.consent.credentials_id}{account.truelayer_id}{sorted(parameters.items())}"
        since, pending = simulator.cached.get(key, (now, today))
        if now - since > timedelta(hours=1) or key not in simulator.cached:
            since, pending = now, today
            simulator.cached[key] = (since, pending)
        as_of = pending
    first = _day(parameters, "from", today - timedelta(days=90))
    last = _day(parameters, "to", today)
    if "from" in parameters and "to" not in parameters:
        first = opened_on(profile, simulator.began_on)
    if last > today:
        raise WireError(400, "invalid_date_range", "'to' cannot be in the future")
    if first > last:
        raise WireError(400, "invalid_date_range", "'from' must not be after 'to'")
    first = _reachable(simulator, token, profile, first, today)
    if profile.from_is_exclusive:
        first += timedelta(days=1)
    if profile.to_is_exclusive and last < today:
        last -= timedelta(days=1)
    writer = _writer(simulator, token, profile, account, as_of)
    return StreamingResponse(_gathered(writer.chunks(first, min(last, as_of))), media_type="application/json")


async def _gathered(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Merge the chunks into larger ones, and let other requests run in between."""
    waiting: list[bytes] = []
    size = 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= 65_536:
            yield b"".join(waiting)
            waiting, size = [], 0
            await asyncio.sleep(0)
    yield b"".join(waiting)


def _day(parameters: dict[str, str], name: str, default: date) -> date:
    text = parameters.get(name)
    if text is None:
        return default
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise WireError(400, "validation_error", f"'{name}' is not a date") from None


def _reachable(simulator: Simulator, token: AccessToken, profile: BankProfile, first: date, today: date) -> date:
    """The first day that the bank returns; raises the bank's typical refusal."""
    depth, refusal = profile.history_days, profile.history_refusal
    if not is_in_sca(simulator, token, profile):
        depth, refusal = profile.recent_days, profile.sca_refusal
    limit = today - timedelta(days=depth)
    if first >= limit:
        return first
    if refusal == "clamp":
        return limit
    raise WireError(400 if refusal == "invalid_date_range" else 403, refusal, "These days are not available")
