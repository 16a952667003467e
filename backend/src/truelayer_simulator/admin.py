"""The simulator's own endpoints below /simulator: clock, faults, profiles, the ledger, and the true rows."""

from collections.abc import AsyncIterator
from dataclasses import asdict, fields
from datetime import date, timedelta
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from truelayer_simulator.accounts import accounts_of, opened_on
from truelayer_simulator.dataset import DESCRIPTIONS, TrueRow
from truelayer_simulator.many_countries import description_of
from truelayer_simulator.profiles import BankProfile, changed
from truelayer_simulator.state import Fault, Simulator, WireError
from truelayer_simulator.v3.settings import changed as changed_v3
from truelayer_simulator.wire import RowWriter

FAULT_KINDS = ("status", "html_504", "not_json", "not_succeeded", "drop", "truncate", "slow", "answer")


async def serve(request: Request, simulator: Simulator) -> Response:
    """Any call below /simulator."""
    what = request.url.path.removeprefix("/simulator/").split("/")
    match (request.method, what):
        case ("GET", ["health"]):
            return JSONResponse({"status": "ok", "now": simulator.now().isoformat(), "seed": simulator.seed})
        case ("POST", ["reset"]):
            simulator.reset()
            return JSONResponse({"status": "reset"})
        case ("POST", ["clock"]):
            body = await _json(request)
            simulator.offset += timedelta(seconds=float(body.get("advance_seconds", 0)))
            return JSONResponse({"now": simulator.now().isoformat()})
        case ("GET", ["profiles"]):
            return JSONResponse([asdict(profile) for profile in simulator.profiles.values()])
        case ("PATCH", ["profiles", provider_id]):
            try:
                simulator.profiles[provider_id] = changed(simulator.profile(provider_id), await _json(request))
            except (ValueError, TypeError) as error:
                raise WireError(400, "invalid_profile", str(error)) from None
            return JSONResponse(asdict(simulator.profiles[provider_id]))
        case ("GET", ["v3"]):
            return JSONResponse(_v3(simulator))
        case ("PATCH", ["v3"]):
            try:
                simulator.v3.settings = changed_v3(simulator.v3.settings, await _json(request))
            except ValueError as error:
                raise WireError(400, "invalid_setting", str(error)) from None
            return JSONResponse(_v3(simulator))
        case ("GET", ["faults"]):
            return JSONResponse([asdict(fault) for fault in simulator.faults])
        case ("POST", ["faults"]):
            return JSONResponse(asdict(_add_fault(simulator, await _json(request))), status_code=201)
        case ("DELETE", ["faults"]):
            simulator.faults.clear()
            return Response(status_code=204)
        case ("POST", ["consents", "revoke"]):
            body = await _json(request)
            for consent in simulator.consents.values():
                if body.get("provider_id") in (None, consent.provider_id):
                    consent.is_revoked = True
            for connection in simulator.v3.connections.values():
                if connection.state == "authorized" and body.get("provider_id") in (None, connection.provider_id):
                    connection.state = "ended"
            simulator.remember()
            return Response(status_code=204)
        case ("POST", ["tokens", "expire"]):
            for token in simulator.access.values():
                token.expires_at = simulator.now() - timedelta(seconds=1)
            simulator.v3.tokens.clear()
            simulator.remember()
            return Response(status_code=204)
        case ("GET", ["calls"]):
            return JSONResponse([asdict(call) for call in simulator.calls])
        case ("GET", ["truth"]):
            return _truth(simulator, dict(request.query_params))
    raise WireError(404, "not_found")


def _v3(simulator: Simulator) -> dict[str, Any]:
    """The settings of Data API v3, and the connections with their states, which no operation of the API shows."""
    states = {connection.id: connection.state for connection in simulator.v3.connections.values()}
    return {**asdict(simulator.v3.settings), "connections": states}


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        raise WireError(400, "invalid_request", "the body is not JSON") from None
    if not isinstance(body, dict):
        raise WireError(400, "invalid_request", "the body must be an object")
    return body


def _add_fault(simulator: Simulator, body: dict[str, Any]) -> Fault:
    known = {field.name for field in fields(Fault)} - {"id"}
    if body.get("kind") not in FAULT_KINDS or not set(body) <= known:
        raise WireError(400, "invalid_fault", f"kind is one of {', '.join(FAULT_KINDS)}; fields: {sorted(known)}")
    fault = Fault(id=simulator.next_fault_id, **body)
    simulator.next_fault_id += 1
    simulator.faults.append(fault)
    return fault


def _truth(simulator: Simulator, parameters: dict[str, str]) -> Response:
    """The rows that exist at the bank today, as NDJSON: one real movement per line, negative = money out.

    `kind` is account or card; `number` counts from 0 in the order of the bank's list.
    """
    profile = simulator.profile(parameters.get("provider_id", "mock"))
    is_card = parameters.get("kind") == "card"
    keys = accounts_of(simulator, profile, parameters.get("user", "john"), is_card)
    number = int(parameters.get("number", "0"))
    if number >= len(keys):
        raise WireError(404, "account_not_found")
    today = simulator.now().date()
    opened = opened_on(profile, simulator.began_on)
    first = max(date.fromisoformat(parameters.get("from", opened.isoformat())), opened)
    last = min(date.fromisoformat(parameters.get("to", today.isoformat())), today)
    writer = RowWriter(profile, keys[number], opened.toordinal(), today, "", 1)

    async def lines() -> AsyncIterator[bytes]:
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            rows = [
                {
                    "true_id": row.identity.hex(),
                    "date": row.day.isoformat(),
                    "amount": f"{'-' if row.pence < 0 else ''}{abs(row.pence) // 100}.{abs(row.pence) % 100:02d}",
                    "currency": "GBP",
                    "description": _description(profile, row),
                }
                for row in writer.visible(ordinal)
            ]
            yield b"".join(msgspec.json.encode(row) + b"\n" for row in rows)

    return StreamingResponse(lines(), media_type="application/x-ndjson")


def _description(profile: BankProfile, row: TrueRow) -> str:
    return description_of(row) if profile.is_of_many_countries else DESCRIPTIONS[row.merchant][0]
