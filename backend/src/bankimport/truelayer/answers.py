"""The result of a data call: the parsed results, and the body exactly as received."""

import codecs
import functools
import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar, get_args

import msgspec

from bankimport.truelayer.errors import AnswerNotReady, TrueLayerError, UnexpectedResponse
from bankimport.truelayer.schemas import FetchedRow, Transaction, Wire

T = TypeVar("T")
S = TypeVar("S", bound=Wire)


class RawAnswer(msgspec.Struct, frozen=True, dict=True):
    """A 200 answer: the body after content decoding, and the call that returned it."""

    body: bytes
    request: str
    correlation_id: str | None
    client_correlation_id: str
    received_at: datetime
    elapsed_s: float

    @functools.cached_property
    def sha256(self) -> bytes:
        """The body's SHA-256."""
        return hashlib.sha256(self.body).digest()


class Answer(msgspec.Struct, Generic[T], frozen=True):
    """Parsed results, their raw answer, and descriptions of what could not be read, without values.

    `is_whole`: every result could be read, if perhaps not every field.
    """

    results: list[T]
    raw: RawAnswer
    problems: tuple[str, ...] = ()
    is_whole: bool = True


class UnreadRow(msgspec.Struct, frozen=True, gc=False):
    """One row of a transactions answer that nobody has parsed yet: its index, and its bytes, a part of the answer's."""

    position: int
    raw: msgspec.Raw

    def read(self) -> FetchedRow:
        """The row parsed; an unreadable row has a description of its problem."""
        raw = bytes(self.raw)
        try:
            return FetchedRow(self.position, raw, _transaction_decoder.decode(raw), None)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return _with_what_is_needed(self.position, raw, error)


class UnreadAnswer(msgspec.Struct, frozen=True):
    """A 200 answer with rows that nobody has found in it yet."""

    raw: RawAnswer
    split: Callable[[bytes], list[UnreadRow] | list[FetchedRow]]

    def read(self) -> Answer[UnreadRow | FetchedRow]:
        """The answer with its rows.

        Raises:
            AnswerNotReady, UnexpectedResponse: as `split_rows`.
        """
        return Answer([*self.split(self.raw.body)], self.raw)


class _Envelope(msgspec.Struct):
    results: list[msgspec.Raw] | None = None
    status: str | None = None


_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_NOT_A_NUMBER = re.compile(rb'(?P<text>"(?:[^"\\]|\\.)*+")|-?\b(?:NaN|Infinity)\b', re.DOTALL)
_envelope_decoder = msgspec.json.Decoder(_Envelope)
_parts_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
_NUMBER = re.compile(rb"-?\d{1,40}")
_transaction_decoder = msgspec.json.Decoder(Transaction)
_members_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
_text_decoder = msgspec.json.Decoder(str | int | None)
_member_decoders = {field.name: msgspec.json.Decoder(field.type) for field in msgspec.structs.fields(Transaction)}

NEEDED = ("timestamp", "description", "amount", "currency", "transaction_type")
"""The members that a row's day, amount and text depend on; an odd value in any other member does not cost the row."""

TEXTS = ("description", "transaction_id", "provider_transaction_id", "normalised_provider_transaction_id")
"""The members that some banks send as a number if all their characters are digits."""

UNREADABLE = "unreadable"
"""The member of `meta` that keeps a row's odd members as received."""


class Entries(NamedTuple, Generic[S]):
    """The readable entries of an answer, what is wrong with the rest, and how many entries could not be read."""

    read: list[S]
    problems: tuple[str, ...]
    left_out: int


def parse_entries(body: bytes, kind: type[S]) -> Entries[S]:
    """The entries of an answer, read field by field.

    A field of the wrong type counts as absent, and an entry without a required field is left out; neither affects the
    other entries. A number in place of a string is read as its text.

    Raises:
        AnswerNotReady: the answer is marked as not final.
        UnexpectedResponse: the answer as a whole is cut off or not JSON.
    """
    entries: list[S] = []
    problems: list[str] = []
    results = _open_envelope(body)
    for position, raw in enumerate(results, 1):
        where = f"{kind.__name__.lower()} {position}"
        entry = _read_entry(bytes(raw), kind, where, problems)
        if entry is not None:
            entries.append(entry)
    return Entries(entries, tuple(problems), len(results) - len(entries))


def _read_entry(raw: bytes, kind: type[S], where: str, problems: list[str]) -> S | None:
    try:
        parts = _parts_decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        problems.append(f"{where} is not an object")
        return None
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        part = parts.get(field.encode_name)
        value = (
            None if part is None else _read_field(bytes(part), field.type, f"{where}, {field.encode_name}", problems)
        )
        if value is None and field.required:
            problems.append(f"{where} has no {field.encode_name}")
            return None
        values[field.name] = value
    return kind(**values)


def _read_field(raw: bytes, expected: Any, where: str, problems: list[str]) -> Any:
    """The field's value; None if it is null, or of the wrong type, which is then noted."""
    if raw == b"null":
        return None
    options = get_args(expected) or (expected,)
    inner = next((option for option in options if isinstance(option, type) and issubclass(option, Wire)), None)
    if inner is not None:
        return _read_entry(raw, inner, where, problems)
    try:
        value = msgspec.json.decode(raw, type=expected)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        if str in options and _NUMBER.fullmatch(raw):
            return raw.decode()
        problems.append(f"{where} has the wrong type")
        return None
    return _without_nul(value)


def _without_nul(value: Any) -> Any:
    """The text or texts without NUL, which PostgreSQL cannot store; an empty text counts as absent."""
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    return value.replace("\0", "").strip() or None if isinstance(value, str) else value


def split_rows(body: bytes) -> list[UnreadRow]:
    """The rows of a transactions answer, one by one.

    Raises:
        AnswerNotReady, UnexpectedResponse: as `parse_entries`.
    """
    return [UnreadRow(position, raw) for position, raw in enumerate(_open_envelope(body))]


def parse_rows(body: bytes) -> list[FetchedRow]:
    """The rows of a transactions answer, parsed one by one: an unreadable row has a description of its problem.

    Raises:
        AnswerNotReady, UnexpectedResponse: as `parse_entries`.
    """
    return [row.read() for row in split_rows(body)]


def _with_what_is_needed(position: int, raw: bytes, error: Exception) -> FetchedRow:
    """The row without its odd members, which `meta` keeps as received; a problem if a required member is odd."""
    values: dict[str, Any] = {}
    odd: dict[str, str] = {}
    try:
        members = _members_decoder.decode(raw)
        for name in NEEDED:
            if name in members:
                values[name] = (
                    _text_of(members[name]) if name in TEXTS else _member_decoders[name].decode(members[name])
                )
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return FetchedRow(position, raw, None, _without_values(error))
    for name, decoder in _member_decoders.items():
        if name not in members or name in NEEDED:
            continue
        try:
            values[name] = _text_of(members[name]) if name in TEXTS else decoder.decode(members[name])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            odd[name] = bytes(members[name]).decode(errors="replace")
    if odd:
        values["meta"] = {**(values.get("meta") or {}), UNREADABLE: odd}
    return FetchedRow(position, raw, Transaction(**values), None)


def _text_of(raw: msgspec.Raw) -> str | None:
    """A text or a number's text."""
    value = _text_decoder.decode(raw)
    return None if value is None else str(value)


def _open_envelope(body: bytes) -> list[msgspec.Raw]:
    try:
        envelope = _decoded(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnexpectedResponse(f"the answer is not complete JSON: {_without_values(error)}") from None
    if envelope.status is not None and envelope.status != "Succeeded":
        raise _not_final(envelope.status)
    if envelope.results is None:
        raise UnexpectedResponse("the answer contains no results")
    return envelope.results


def _decoded(body: bytes) -> _Envelope:
    """The envelope of a body that may be slightly off from what JSON and text allow.

    A byte order mark is skipped, a lone surrogate is read as U+FFFD, and NaN and the infinities, which some encoders
    write, are read as null: they cost the row that needs the number, not the answer.
    """
    body = body.removeprefix(codecs.BOM_UTF8)
    try:
        return _envelope_decoder.decode(body)
    except msgspec.DecodeError:
        whole = _ESCAPE.sub(lambda found: rb"\ufffd" if found["lone"] else found[0], body)
        whole = _NOT_A_NUMBER.sub(lambda found: found["text"] or b"null", whole)
        if whole == body:
            raise
        return _envelope_decoder.decode(whole)


def _not_final(status: str) -> TrueLayerError:
    word = status if status in ("Queued", "Running", "Failed") else "something unknown"
    return AnswerNotReady(f"the bank's answer is not final: its status is {word}")


def _without_values(error: Exception) -> str:
    """The decoder's complaint, which names positions and types but never values."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(error) if isinstance(error, msgspec.DecodeError) else "not UTF-8"
