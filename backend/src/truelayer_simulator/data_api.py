"""The data endpoints: /me, accounts, cards, balances, transactions, pending, and what else an importer may ask."""

import asyncio
import base64
import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx2
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from truelayer_simulator.dataset import AccountKey, balance_before
from truelayer_simulator.profiles import BankProfile
from truelayer_simulator.state import AccessToken, Call, Consent, Fault, Simulator, WireError
from truelayer_simulator.wire import RowWriter

_ERROR_USERS = {
    "error.account_permanently_locked": 403,
    "error.account_temporarily_locked": 403,
    "error.internal_error": 500,
    "error.provider_error": 503,
    "error.user_input_required": 403,
    "error.wrong_credentials": 401,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """An account as the caller sees it: its id at this consent, and which of the bank's it is."""

    truelayer_id: str
    key: AccountKey


async def serve(request: Request, simulator: Simulator) -> Response:
    """Any GET below /data/v1, with its headers, its faults and its line in the ledger."""
    path = request.url.path.removeprefix("/data/v1")
    token = _token(request, simulator)
    is_attended = "x-psu-ip" in request.headers
    consent = token.consent if token else None
    status = 500
    try:
        fault = simulator.take_fault(request.url.path, consent.provider_id if consent else None)
        if fault is not None:
            broken = await _strike(fault)
            if broken is not None:
                status = broken.status_code
                return broken
        if token is None or consent is None or token.expires_at < simulator.now():
            raise WireError(401, "invalid_token", "The token expired or is not known")
        if consent.is_revoked or consent.expires_at < simulator.now():
            raise WireError(403, "access_denied", "The consent has ended")
        if consent.user in _ERROR_USERS:
            raise WireError(_ERROR_USERS[consent.user], consent.user.removeprefix("error."))
        if request.query_params.get("async") == "true":
            response = _queue_task(request, simulator, token, path)
        else:
            parameters = dict(request.query_params)
            response = _answer(simulator, token, path, parameters, is_attended)
        profile = simulator.profile(consent.provider_id)
        if profile.delay_ms:
            await asyncio.sleep(profile.delay_ms / 1000)
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
                consent.provider_id if consent else None,
                consent.user if consent else None,
            )
        )
        simulator.calls_by_account[request.url.path] += 1


def _token(request: Request, simulator: Simulator) -> AccessToken | None:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return simulator.access.get(value) if scheme.lower() == "bearer" else None


async def _strike(fault: Fault) -> Response | None:
    """The broken answer that a fault makes; None where the answer itself is to go on."""
    if fault.delay_ms:
        await asyncio.sleep(fault.delay_ms / 1000)
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


def _queue_task(request: Request, simulator: Simulator, token: AccessToken, path: str) -> Response:
    task_id = secrets.token_hex(16)
    parameters = {name: value for name, value in request.query_params.items() if name not in ("async", "webhook_uri")}
    simulator.tasks[task_id] = (token, path, parameters)
    uri = f"{request.base_url}data/v1/results/{task_id}"
    webhook_uri = request.query_params.get("webhook_uri", "")
    if urlsplit(webhook_uri).hostname in ("127.0.0.1", "localhost"):
        notice = {
            "request_timestamp": _stamp(simulator.now()),
            "request_uri": str(request.url),
            "credentials_id": token.consent.credentials_id,
            "task_id": task_id,
            "status": "Succeeded",
            "results_uri": uri,
        }
        simulator.errands.add(errand := asyncio.create_task(_notify(webhook_uri, notice)))
        errand.add_done_callback(simulator.errands.discard)
    return JSONResponse({"results_uri": uri, "status": "Queued", "task_id": task_id}, status_code=202)


async def _notify(webhook_uri: str, notice: dict[str, str]) -> None:
    """Tell the client that its results are there; nobody signs it, and it carries none of them."""
    with suppress(httpx2.HTTPError):
        async with httpx2.AsyncClient(timeout=5, trust_env=False) as client:
            await client.post(webhook_uri, json=notice)


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
            seen = _listed(simulator, token, profile, half)
            return _results([_describe(account, profile, simulator, token.consent) for account in seen])
        case ["accounts" | "cards" as half, account_id]:
            return _results(
                [_describe(_one(simulator, token, profile, half, account_id), profile, simulator, token.consent)]
            )
        case ["accounts" | "cards" as half, account_id, "balance"]:
            account = _one(simulator, token, profile, half, account_id)
            _spend(simulator, token, account, "balance", profile, is_attended)
            return _results([_balance(simulator, profile, account)])
        case ["accounts", account_id, "direct_debits" | "standing_orders"]:
            _one(simulator, token, profile, "accounts", account_id)
            return _results([])
        case ["accounts" | "cards" as half, account_id, "transactions", "pending"]:
            account = _one(simulator, token, profile, half, account_id)
            _spend(simulator, token, account, "pending", profile, is_attended)
            writer = _writer(simulator, token, profile, account, simulator.now().date())
            return Response(writer.pending(profile.pending), media_type="application/json")
        case ["accounts" | "cards" as half, account_id, "transactions"]:
            account = _one(simulator, token, profile, half, account_id)
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
        "consent_expires_at": _stamp(consent.expires_at),
        "provider": {"provider_id": profile.provider_id, "display_name": profile.display_name},
        "scopes": consent.scopes,
        "privacy_policy": "Feb2019",
    }
    if profile.has_consent_dates:
        me["consent_created_at"] = _stamp(consent.given_at)
    return me


def _info(simulator: Simulator, token: AccessToken, profile: BankProfile) -> dict[str, Any]:
    """Whose accounts they are; most banks give the name and nothing else."""
    if "info" not in token.consent.scopes:
        raise WireError(403, "access_denied", "the scope info was not consented to")
    if not profile.gives_info:
        raise WireError(501, "endpoint_not_supported", "Feature not supported: info")
    if profile.gives_accounts_only_in_sca and not _is_in_sca(simulator, token, profile):
        raise WireError(403, "sca_exceeded")
    return {"full_name": f"{token.consent.user.title()} Doe", "update_timestamp": _stamp(simulator.now())}


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def accounts_of(simulator: Simulator, profile: BankProfile, user: str, is_card: bool) -> list[AccountKey]:
    """The user's accounts or cards at a bank."""
    moves = {0: -1, 3 if profile.accounts >= 5 else 1: 1} if profile.transfer_days and not is_card else {}
    return [
        AccountKey(
            simulator.seed,
            profile.provider_id,
            user,
            is_card,
            number,
            profile.card_rows_per_day if is_card else profile.rows_per_day,
            profile.twins,
            moves.get(number, 0),
            profile.transfer_days or 0,
        )
        for number in range(profile.cards if is_card else profile.accounts)
    ]


def _seen(simulator: Simulator, consent: Consent, profile: BankProfile, is_card: bool) -> list[Seen]:
    salt = f"|{consent.number}" if profile.account_ids_change else ""
    return [
        Seen(hashlib.blake2b((key.text + salt).encode(), digest_size=16).hexdigest(), key)
        for key in accounts_of(simulator, profile, consent.user, is_card)
    ]


def _listed(simulator: Simulator, token: AccessToken, profile: BankProfile, half: str) -> list[Seen]:
    if half not in token.consent.scopes:
        raise WireError(403, "access_denied", f"the scope {half} was not consented to")
    is_missing = not (profile.cards if half == "cards" else profile.accounts)
    if is_missing:
        error = {501: "endpoint_not_supported", 403: "access_denied"}.get(profile.half_missing_status, "not_found")
        raise WireError(profile.half_missing_status, error, f"Feature not supported: {half}")
    if profile.gives_accounts_only_in_sca and not _is_in_sca(simulator, token, profile):
        raise WireError(403, "sca_exceeded")
    return _seen(simulator, token.consent, profile, half == "cards")


def _one(simulator: Simulator, token: AccessToken, profile: BankProfile, half: str, account_id: str) -> Seen:
    for seen in _seen(simulator, token.consent, profile, half == "cards"):
        if seen.truelayer_id == account_id:
            return seen
    raise WireError(404, "account_not_found", "The requested account cannot be found")


def _describe(seen: Seen, profile: BankProfile, simulator: Simulator, consent: Consent) -> dict[str, Any]:
    number = seen.key.number + 1
    provider = {"provider_id": profile.provider_id, "display_name": profile.display_name}
    stamp = _stamp(simulator.now())
    if seen.key.is_card:
        network, digits, name = (
            ("VISA", "6589", "Platinum super"),
            ("MASTERCARD", "1101", "Everyday"),
            ("AMEX", "3007", "Gold"),
        )[(number - 1) % 3]
        return {
            "account_id": seen.truelayer_id,
            "card_network": network,
            "card_type": "CREDIT",
            "currency": "GBP",
            "display_name": name if number <= 3 else f"{name} {number}",
            "partial_card_number": digits,
            "name_on_card": seen.key.user.title(),
            "update_timestamp": stamp,
            "provider": provider,
        }
    savings = profile.accounts >= 5 and number in (4, 5)
    kind = "SAVINGS" if savings else "TRANSACTION"
    return {
        "account_id": seen.truelayer_id,
        "account_type": kind,
        "display_name": f"{kind.title()} ACCOUNT {number - 3 if savings else number}".upper(),
        "currency": "GBP",
        "account_number": {
            "iban": _iban(consent, number),
            "number": f"{number * 10_000_000:08d}",
            "sort_code": "01-21-31",
            "swift_bic": "CPBKGB00",
        },
        "update_timestamp": stamp,
        "provider": provider,
    }


def _iban(consent: Consent, number: int) -> str:
    """The mock bank's IBAN, or one with right check digits for users who signed in to get such."""
    if consent.flavour != "iban":
        return f"GB08CLRB040668{number * 10_000_000:08d}"
    holder = int(consent.user.removeprefix("john") or 0)
    inner = f"CLRB040668{number * 10_000_000 + holder:08d}"
    digits = "".join(str(int(character, 36)) for character in inner + "GB00")
    return f"GB{98 - int(digits) % 97:02d}{inner}"


def opened_on(profile: BankProfile, today: date) -> date:
    """The day the bank's accounts were opened."""
    return today - timedelta(days=profile.opened_days_ago or profile.history_days)


def _balance(simulator: Simulator, profile: BankProfile, account: Seen) -> dict[str, Any]:
    today = simulator.now().date()
    opened = opened_on(profile, _anchor(simulator)).toordinal()
    pence = balance_before(account.key, opened, today.toordinal() + 1, profile.balances_amended_on(today))
    balance: dict[str, Any] = {"currency": "GBP", "update_timestamp": _stamp(simulator.now())}
    if account.key.is_card:
        balance["current"] = -pence / 100
        balance["credit_limit"] = 3300.0
    else:
        balance |= {"current": pence / 100, "available": pence / 100 + 100, "overdraft": 100.0}
    return balance


def _anchor(simulator: Simulator) -> date:
    """The day that the bank's age is counted from: it must not move with the clock, or opening balances would."""
    return (simulator.now() - simulator.offset).date()


def _is_in_sca(simulator: Simulator, token: AccessToken, profile: BankProfile) -> bool:
    if profile.sca_minutes is None:
        return True
    if profile.deep_only_on_first_token and token.number > 1:
        return False
    return simulator.now() - token.consent.given_at <= timedelta(minutes=profile.sca_minutes)


def _spend(
    simulator: Simulator, token: AccessToken, account: Seen, endpoint: str, profile: BankProfile, is_attended: bool
) -> None:
    """Count an unattended call against the bank's daily allowance; failures count as well."""
    if profile.unattended_calls_a_day is None or is_attended:
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
    opened = opened_on(profile, _anchor(simulator)).toordinal()
    return RowWriter(profile, account.key, opened, as_of, salt, call)


def _transactions(
    simulator: Simulator, token: AccessToken, profile: BankProfile, account: Seen, parameters: dict[str, str]
) -> Response:
    now = simulator.now()
    today = now.date()
    as_of = today
    if profile.caches_for_an_hour:
        key = f"{token.consent.credentials_id}{account.truelayer_id}{sorted(parameters.items())}"
        since, held = simulator.cached.get(key, (now, today))
        if now - since > timedelta(hours=1) or key not in simulator.cached:
            since, held = now, today
            simulator.cached[key] = (since, held)
        as_of = held
    first = _day(parameters, "from", today - timedelta(days=90))
    last = _day(parameters, "to", today)
    if "from" in parameters and "to" not in parameters:
        first = opened_on(profile, _anchor(simulator))
    if last > today:
        raise WireError(400, "invalid_date_range", "'to' cannot be in the future")
    if first > last:
        raise WireError(400, "invalid_date_range", "'from' must not lie after 'to'")
    first = _reachable(simulator, token, profile, first, today)
    if profile.from_is_exclusive:
        first += timedelta(days=1)
    if profile.to_is_exclusive and last < today:
        last -= timedelta(days=1)
    writer = _writer(simulator, token, profile, account, as_of)
    return StreamingResponse(_gathered(writer.chunks(first, min(last, as_of))), media_type="application/json")


async def _gathered(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The chunks in pieces of some size, letting other requests in between."""
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
    """The first day that is given, or the refusal that the bank is known for."""
    depth, refusal = profile.history_days, profile.history_refusal
    if not _is_in_sca(simulator, token, profile):
        depth, refusal = profile.recent_days, profile.sca_refusal
    limit = today - timedelta(days=depth)
    if first >= limit:
        return first
    if refusal == "clamp":
        return limit
    raise WireError(400 if refusal == "invalid_date_range" else 403, refusal, "These days are not available")
