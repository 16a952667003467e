"""Asynchronous calls and batches: acknowledged with 202 and a task, announced by a webhook without results."""

import asyncio
import json
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import httpx2
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from truelayer_simulator.accounts import stamp
from truelayer_simulator.state import AccessToken, Batch, Simulator, WireError

_Answer = Callable[[str, dict[str, str]], Response]


def queue_task(request: Request, simulator: Simulator, token: AccessToken, path: str) -> Response:
    """Acknowledge an asynchronous call; its result is ready when it is requested."""
    task_id = str(uuid.uuid4())
    parameters = {name: value for name, value in request.query_params.items() if name not in ("async", "webhook_uri")}
    simulator.tasks[task_id] = (token, path, parameters)
    uri = f"{request.base_url}data/v1/results/{task_id}"
    _announce(request, simulator, token, task_id, uri, request.query_params.get("webhook_uri", ""))
    return JSONResponse({"results_uri": uri, "status": "Queued", "task_id": task_id}, status_code=202)


def _announce(
    request: Request, simulator: Simulator, token: AccessToken, task_id: str, uri: str, webhook_uri: str
) -> None:
    if urlsplit(webhook_uri).hostname in ("127.0.0.1", "localhost"):
        notice = {
            "request_timestamp": stamp(simulator.now()),
            "request_uri": str(request.url),
            "credentials_id": token.consent.credentials_id,
            "task_id": task_id,
            "status": "Succeeded",
            "results_uri": uri,
        }
        simulator.errands.add(errand := asyncio.create_task(_notify(webhook_uri, notice)))
        errand.add_done_callback(simulator.errands.discard)


async def _notify(webhook_uri: str, notice: dict[str, str]) -> None:
    """Notify the client that its results are ready; the notice is unsigned and contains no results."""
    with suppress(httpx2.HTTPError):
        async with httpx2.AsyncClient(timeout=5, trust_env=False) as client:
            await client.post(webhook_uri, json=notice)


async def queue_batch(request: Request, simulator: Simulator, token: AccessToken) -> Response:
    """POST /batch/transactions: all accounts at once; all its members are optional.

    Source: TrueLayer's specification of the data API.
    """
    try:
        body = await request.json()
        days = [
            date.fromisoformat(str(body[name])[:10]).isoformat() if body.get(name) else None for name in ("from", "to")
        ]
    except (ValueError, AttributeError):
        raise WireError(400, "validation_error", "The supplied parameters are not valid.") from None
    batch = Batch(
        task_id=str(uuid.uuid4()),
        first=days[0],
        last=days[1],
        pending=body.get("pending") is True,
        balance=body.get("balance") is True,
        account_ids=tuple(map(str, body.get("account_ids_whitelist") or ())),
    )
    simulator.batches[token.consent.credentials_id] = batch
    uri = f"{request.base_url}data/v1/batch/results"
    _announce(request, simulator, token, batch.task_id, uri, str(body.get("webhook_uri") or ""))
    return JSONResponse({"results_uri": uri, "status": "Queued", "task_id": batch.task_id}, status_code=202)


async def batch_results(simulator: Simulator, token: AccessToken, answer: _Answer) -> Response:
    """GET /batch/results: the consent's newest batch; the specification has no parameter for a task."""
    batch = simulator.batches.get(token.consent.credentials_id)
    if batch is None:
        raise WireError(404, "task_not_found")
    halves: dict[str, list[dict[str, Any]]] = {}
    for half in ("accounts", "cards"):
        ids = [account["account_id"] for account in await _results_of(answer, f"/{half}", {})]
        names = [name for name in ids if not batch.account_ids or name in batch.account_ids]
        halves[half] = [await _batch_row(batch, answer, half, name) for name in names]
    days = {"from": batch.first, "to": batch.last}
    return JSONResponse({"status": "Succeeded", "task_id": batch.task_id, "request": days, "results": halves})


async def _batch_row(batch: Batch, answer: _Answer, half: str, account_id: str) -> dict[str, Any]:
    path = f"/{half}/{account_id}"
    days = {name: day for name, day in (("from", batch.first), ("to", batch.last)) if day is not None}
    row: dict[str, Any] = {"account_id": account_id}
    row["transactions"] = await _results_of(answer, f"{path}/transactions", days)
    if batch.pending:
        row["pending_transactions"] = await _results_of(answer, f"{path}/transactions/pending", {})
    if batch.balance:
        row["balance"] = next(iter(await _results_of(answer, f"{path}/balance", {})), None)
    return row


async def _results_of(answer: _Answer, path: str, parameters: dict[str, str]) -> list[Any]:
    try:
        response = answer(path, parameters)
    except WireError:
        return []
    if isinstance(response, StreamingResponse):
        body = b"".join([bytes(chunk) async for chunk in response.body_iterator])  # type: ignore[arg-type]
    else:
        body = bytes(response.body)
    results: list[Any] = json.loads(body)["results"]
    return results
