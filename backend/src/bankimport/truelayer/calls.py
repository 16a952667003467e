"""One call of either data API: it is recorded, its failure is raised, and its answer is handed on as received."""

import random
import time
from collections.abc import Callable

import msgspec

from bankimport.truelayer.answers import RawAnswer
from bankimport.truelayer.errors import TrueLayerError
from bankimport.truelayer.transport import AnswerCutOff, ConnectionDropped, Received

QUICK_RETRY_WAIT_S = 0.5


class CallOutcome(msgspec.Struct, frozen=True):
    """The outcome of one try; `status` is None without an answer, `error_code` is None on success."""

    status: int | None
    error_code: str | None
    elapsed_s: float
    correlation_id: str | None
    retry_after_s: float | None = None


FinishCall = Callable[[CallOutcome], None]
BeginCall = Callable[[str], FinishCall]
"""Called with the endpoint's name before every try; the function it returns is called with the outcome."""


def ignore_calls(_endpoint: str) -> FinishCall:
    """A `BeginCall` that records nothing."""
    return lambda _outcome: None


def send_recorded(
    send: Callable[[], Received],
    failure_of: Callable[[Received], TrueLayerError | None],
    endpoint: str,
    begin_call: BeginCall,
    id_header: str,
) -> Received:
    """One try, recorded by `begin_call`. `id_header` names the header that has TrueLayer's id of the call.

    Raises:
        TrueLayerError: there is no answer, or the answer is a failure according to `failure_of`.
    """
    finish = begin_call(endpoint)
    started = time.monotonic()
    try:
        received = send()
    except TrueLayerError as error:
        finish(CallOutcome(error.bank_status, error.code, time.monotonic() - started, None))
        raise
    failure = failure_of(received)
    finish(
        CallOutcome(
            received.status,
            None if failure is None else failure.bank_code or failure.code,
            received.elapsed_s,
            received.headers.get(id_header),
            None if failure is None else failure.retry_after_s,
        )
    )
    if failure is not None:
        raise failure
    return received


def repeated_once(call: Callable[[], Received]) -> Received:
    """The call's answer; it is repeated once, after a moment, if the connection failed before any answer began."""
    try:
        return call()
    except (AnswerCutOff, ConnectionDropped):
        time.sleep(QUICK_RETRY_WAIT_S * (1 + random.random()))  # noqa: S311 - jitter, not a secret
        return call()


def raw_answer(received: Received, id_header: str) -> RawAnswer:
    """The answer as it is stored."""
    return RawAnswer(
        body=received.body,
        request=received.request,
        correlation_id=received.headers.get(id_header),
        client_correlation_id=received.client_correlation_id,
        received_at=received.received_at,
        elapsed_s=received.elapsed_s,
    )
