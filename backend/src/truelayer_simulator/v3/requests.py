"""Transactions by v3: a request is made, computed, and read as a page; the next page is a new request."""

import secrets
import time
import uuid
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from truelayer_simulator.accounts import is_counted, opened_on
from truelayer_simulator.state import Simulator
from truelayer_simulator.v3 import rows, webhooks
from truelayer_simulator.v3.checks import check_request
from truelayer_simulator.v3.connections import V3Account, accounts, json_of, usable
from truelayer_simulator.v3.problems import V3Problem
from truelayer_simulator.v3.state import V3Connection, V3Cursor, V3Request

UNATTENDED_CALLS = 4


async def ask(request: Request, simulator: Simulator) -> Response:
    """POST …/transactions/requests."""
    settings = simulator.v3.settings
    connection = usable(simulator, request.headers.get("connection-id"), "transactions")
    account = _account(simulator, connection, request.path_params["account_id"])
    if account.key.number in settings.unsupported_accounts:
        raise V3Problem("feature-not-supported")
    first, last, size, cursor, wants_enrichment = check_request(await json_of(request), settings)
    number = len(simulator.v3.requests) + 1
    offset, salt = 0, str(number)
    if cursor is not None:
        made = _cursor(simulator, connection, account, cursor, first, last)
        offset, salt = made.offset, made.salt
    if cursor is None or settings.page_counts_as_call:
        _spend(request, simulator, connection, account)
    transactions_request = V3Request(
        id=str(uuid.uuid4()),
        connection_id=connection.id,
        account_id=account.id,
        first=first,
        last=last,
        page_size=min(size, settings.most_rows_in_page),
        offset=offset,
        salt=salt,
        wants_enrichment=wants_enrichment,
        asked_monotonic=time.monotonic(),
        number=number,
    )
    _check_days(simulator, connection, transactions_request)
    if simulator.dice.random() < settings.failing_requests:
        transactions_request.failure = settings.failure_reason
    simulator.v3.requests[transactions_request.id] = transactions_request
    if settings.webhook_fault == "before_answer":
        await _announce(request, simulator, transactions_request)
    else:
        webhooks.later(
            simulator, settings.completion_seconds, lambda: _announce(request, simulator, transactions_request)
        )
    return JSONResponse(
        {"id": transactions_request.id, "status": "pending"}, 202, media_type="application/json; charset=UTF-8"
    )


async def read(request: Request, simulator: Simulator) -> Response:
    """GET …/transactions/requests/{request_id}: the same page for as long as the request lives."""
    settings = simulator.v3.settings
    connection = usable(simulator, request.headers.get("connection-id"), "transactions")
    account = _account(simulator, connection, request.path_params["account_id"])
    transactions_request = simulator.v3.requests.get(request.path_params["request_id"])
    if transactions_request is None or (transactions_request.connection_id, transactions_request.account_id) != (
        connection.id,
        account.id,
    ):
        raise V3Problem("not-found")
    age = time.monotonic() - transactions_request.asked_monotonic
    if settings.request_seconds is not None and age > settings.request_seconds:
        raise V3Problem("not-found")
    if settings.completion_seconds is None or age < settings.completion_seconds:
        return JSONResponse({"id": transactions_request.id, "status": "pending"})
    if transactions_request.failure is not None:
        return JSONResponse(
            {"id": transactions_request.id, "status": "failed", "failure_reason": transactions_request.failure}
        )
    if transactions_request.page is None:
        transactions_request.page = _page(simulator, connection, account, transactions_request)
    return JSONResponse({"id": transactions_request.id, "status": "completed", "result": transactions_request.page})


def _account(simulator: Simulator, connection: V3Connection, account_id: str) -> V3Account:
    for account in accounts(simulator, connection):
        if account.id == account_id and not account.key.is_card:
            return account
    raise V3Problem("not-found")


def _cursor(
    simulator: Simulator, connection: V3Connection, account: V3Account, cursor: str, first: date, last: date
) -> V3Cursor:
    settings, made = simulator.v3.settings, simulator.v3.cursors.get(cursor)
    if made is None or (made.connection_id, made.account_id) != (connection.id, account.id):
        raise V3Problem("invalid-parameters", {"cursor": ["Is not known"]})
    if settings.cursor_seconds is not None and time.monotonic() - made.made_monotonic > settings.cursor_seconds:
        raise V3Problem("invalid-parameters", {"cursor": ["Has expired"]})
    if (made.first, made.last) != (first, last) and settings.cursor_with_other_days == "refused":
        raise V3Problem("invalid-parameters", {"cursor": ["Belongs to other days"]})
    return made


def _spend(request: Request, simulator: Simulator, connection: V3Connection, account: V3Account) -> None:
    """Count a call without the user against the four that a bank gives."""
    settings = simulator.v3.settings
    if not settings.four_a_day or request.headers.get("tl-user-ip"):
        return
    assert connection.authorized_at is not None
    in_consent_window = settings.counts_calls_in_consent_window
    if not is_counted(simulator, connection.authorized_at, in_consent_window=in_consent_window):
        return
    key = (account.key.text, simulator.now().date().isoformat())
    simulator.v3.unattended[key] += 1
    if simulator.v3.unattended[key] > UNATTENDED_CALLS:
        raise V3Problem("rate-limit-exceeded")


def _check_days(simulator: Simulator, connection: V3Connection, transactions_request: V3Request) -> None:
    """Refuse, fail or clip days that are senseless or lie too deep, as the settings have it."""
    settings, today = simulator.v3.settings, simulator.now().date()
    if transactions_request.first > transactions_request.last or transactions_request.last > today:
        if settings.odd_range == "refused":
            raise V3Problem("invalid-parameters", {"to": ["Must not lie before from, nor in the future"]})
        if settings.odd_range == "clipped":
            transactions_request.last = min(transactions_request.last, today)
            transactions_request.first = min(transactions_request.first, transactions_request.last)
    assert connection.provider_id is not None
    assert connection.authorized_at is not None
    profile = simulator.profile(connection.provider_id)
    is_fresh = profile.sca_minutes is None or simulator.now() - connection.authorized_at < timedelta(
        minutes=profile.sca_minutes
    )
    reach = rows.reachable(transactions_request.first, today, profile.history_days if is_fresh else profile.recent_days)
    if reach <= transactions_request.first:
        return
    if settings.too_deep == "forbidden":
        raise V3Problem("forbidden")
    if settings.too_deep == "failed":
        transactions_request.failure = settings.failure_reason
    transactions_request.first = reach


def _page(
    simulator: Simulator, connection: V3Connection, account: V3Account, transactions_request: V3Request
) -> dict[str, Any]:
    settings, today = simulator.v3.settings, simulator.now().date()
    assert connection.provider_id is not None
    profile = simulator.profile(connection.provider_id)
    opened = opened_on(profile, simulator.began_on)
    writer = rows.writer_of(profile, account.key, opened, today, transactions_request.number)
    salt = transactions_request.salt
    enriched = transactions_request.wants_enrichment
    days = (transactions_request.first, min(transactions_request.last, today))
    settled = rows.settled_rows(writer, days, settings, salt, enriched=enriched)
    pending = rows.pending_rows(writer, profile, settings, salt, enriched=enriched)
    if not settings.pending_outside_range:
        pending = [
            row
            for row in pending
            if transactions_request.first.isoformat() <= row["timestamp"][:10] <= transactions_request.last.isoformat()
        ]
    end = transactions_request.offset + transactions_request.page_size
    items = settled[transactions_request.offset : end]
    if transactions_request.offset == 0 or (settings.pending_on == "every_page" and items):
        items = [*pending, *items]
    if settings.has_foreign_row and items:
        items = [*items, rows.foreign_row(days[1])]
    return {"items": items, "pagination": _pagination(simulator, transactions_request, end, len(settled))}


def _pagination(simulator: Simulator, transactions_request: V3Request, end: int, total: int) -> dict[str, Any]:
    how = simulator.v3.settings.last_page
    if end < total or (how == "then_empty" and transactions_request.offset < total):
        cursor = f"c-{secrets.token_urlsafe(24)}"
    elif how == "same_again" and total:
        cursor = f"end-{transactions_request.connection_id}-{transactions_request.account_id}"
    else:
        return {} if how == "absent" else {"next_cursor": None}
    simulator.v3.cursors[cursor] = V3Cursor(
        transactions_request.connection_id,
        transactions_request.account_id,
        transactions_request.first,
        transactions_request.last,
        min(end, total if how == "then_empty" else max(0, total - 1)) if end >= total else end,
        transactions_request.salt,
        time.monotonic(),
    )
    return {"next_cursor": cursor}


async def _announce(request: Request, simulator: Simulator, transactions_request: V3Request) -> None:
    if transactions_request.is_announced:
        return
    transactions_request.is_announced = True
    moment = webhooks.moment(simulator.now())
    notice = {
        "connection_id": transactions_request.connection_id,
        "account_id": transactions_request.account_id,
        "request_id": transactions_request.id,
    }
    if transactions_request.failure is None:
        kind, notice = "transactions_request_completed", {**notice, "completed_at": moment}
    else:
        kind = "transactions_request_failed"
        notice |= {"failed_at": moment, "failure_reason": transactions_request.failure}
    await webhooks.announce(request, simulator, kind, notice)
