"""What a data call brings: the parsed results, and the body exactly as it came."""

import hashlib
import re
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from bankimport.truelayer.errors import AnswerNotReady, TrueLayerError, UnexpectedResponse
from bankimport.truelayer.schemas import FetchedRow, Transaction

T = TypeVar("T")


class RawAnswer(msgspec.Struct, frozen=True):
    """A 200 answer: the body after content decoding, and which call brought it."""

    body: bytes
    request: str
    correlation_id: str | None
    client_correlation_id: str
    received_at: datetime
    elapsed_s: float

    @property
    def sha256(self) -> bytes:
        """The body's SHA-256."""
        return hashlib.sha256(self.body).digest()


class Answer(msgspec.Struct, Generic[T], frozen=True):
    """Parsed results with the raw answer that they came from."""

    results: list[T]
    raw: RawAnswer


class _Envelope(msgspec.Struct):
    results: list[msgspec.Raw] | None = None
    status: str | None = None


_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_envelope_decoder = msgspec.json.Decoder(_Envelope)
_transaction_decoder = msgspec.json.Decoder(Transaction)


def parse_results(body: bytes, decoder: msgspec.json.Decoder[T]) -> list[T]:
    """The results of an answer whose every result must be of the promised form.

    Raises:
        AnswerNotReady: the answer is marked as not final.
        UnexpectedResponse: cut off, not JSON, or not of the promised form.
    """
    try:
        return [decoder.decode(raw) for raw in _open_envelope(body)]
    except msgspec.DecodeError as error:
        raise UnexpectedResponse(f"a result is not of the promised form: {_without_values(error)}") from None


def parse_rows(body: bytes) -> list[FetchedRow]:
    """The rows of a transactions answer, one by one: a row that cannot be read comes with its problem.

    Raises:
        AnswerNotReady, UnexpectedResponse: as `parse_results`, of the answer as a whole.
    """
    rows: list[FetchedRow] = []
    decode = _transaction_decoder.decode
    for position, raw in enumerate(_open_envelope(body)):
        try:
            rows.append(FetchedRow(position, bytes(raw), decode(raw), None))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            rows.append(FetchedRow(position, bytes(raw), None, _without_values(error)))
    return rows


def _open_envelope(body: bytes) -> list[msgspec.Raw]:
    try:
        envelope = _decoded(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnexpectedResponse(f"the answer is not whole JSON: {_without_values(error)}") from None
    if envelope.status is not None and envelope.status != "Succeeded":
        raise _not_final(envelope.status)
    if envelope.results is None:
        raise UnexpectedResponse("the answer holds no results")
    return envelope.results


def _decoded(body: bytes) -> _Envelope:
    """The envelope; half of a surrogate pair, which JSON allows and no text can hold, is read as U+FFFD."""
    try:
        return _envelope_decoder.decode(body)
    except msgspec.DecodeError:
        whole = _ESCAPE.sub(lambda found: rb"\ufffd" if found["lone"] else found[0], body)
        if whole == body:
            raise
        return _envelope_decoder.decode(whole)


def _not_final(status: str) -> TrueLayerError:
    word = status if status in ("Queued", "Running", "Failed") else "something unknown"
    return AnswerNotReady(f"the bank's answer is not final: its status is {word}")


def _without_values(error: Exception) -> str:
    """What a decoder complains of; its messages name places and types, never values."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(error) if isinstance(error, msgspec.DecodeError) else "not UTF-8"


def decoder_of(kind: Any) -> msgspec.json.Decoder[Any]:
    """A reusable decoder for one wire model."""
    return msgspec.json.Decoder(kind)
