"""Read stored answers again: the bytes that the bank sent, checked against their hash."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import zstandard
from sqlalchemy import select
from sqlalchemy.orm import Session

from bankimport.accounts.models import AccountKind
from bankimport.errors import BankImportError
from bankimport.imports.answers.normalise import NewTransaction, RowProblem, normalise
from bankimport.imports.answers.plain import plain_row
from bankimport.imports.answers.repeats import mark_repeats
from bankimport.imports.models import ImportWindow, RawResponse, WindowState
from bankimport.truelayer.answers import UnreadRow, parse_entries, split_rows
from bankimport.truelayer.errors import TrueLayerError
from bankimport.truelayer.schemas import Balance, FetchedRow
from bankimport.truelayer.v3.pages import PENDING, SETTLED, is_joined, rows_of_pages
from bankimport.vault.keys import plain_of
from bankimport.vault.seal import SealBroken, Vault

HAS_ROWS = ("transactions", "pending")
"""The endpoints whose answers contain rows; the others contain a balance."""

_STATUS = {"transactions": SETTLED, "pending": PENDING}
"""Which rows of pages that hold both an endpoint stands for."""


class BodyDeleted(BankImportError):
    """The answer's body was deleted after its retention time; its hash remains."""

    code = "body_gone"


class BodyAltered(BankImportError):
    """The stored body is not what the bank sent: its hash differs, or it cannot be read."""

    code = "body_altered"


@dataclass(frozen=True, slots=True)
class StoredRows:
    """A stored answer read again: its rows in our form, and the unreadable rows with their problems."""

    rows: list[NewTransaction]
    rejected: list[tuple[FetchedRow, str]]


def kind_of_body(sha256: bytes) -> str:
    """What a sealed body is bound to: its hash, not its row, so that a row with the same bytes can have a copy."""
    return f"raw_responses.body {sha256.hex()}"


def packed_body(vault: Vault, body: bytes, sha256: bytes) -> bytes:
    """A body as it is stored: compressed, and sealed with its user's key."""
    return vault.seal(zstandard.ZstdCompressor(level=3).compress(body), kind_of_body(sha256))


def body_of(response: RawResponse) -> bytes:
    """The body as received.

    Raises:
        BodyDeleted: only its hash is left.
        BodyAltered: it differs from what was received, or its user's key was erased.
    """
    if response.body is None:
        raise BodyDeleted(f"the body of answer {response.id} was deleted", raw_response_id=response.id)
    try:
        kind = kind_of_body(response.sha256)
        compressed = plain_of(response.user_id, response.stored_key, response.body, kind)
        body = zstandard.ZstdDecompressor().decompress(compressed, max_output_size=max(1, response.size_bytes))
    except SealBroken as broken:
        raise BodyAltered(
            f"the body of answer {response.id} cannot be opened: {broken.message}", raw_response_id=response.id
        ) from None
    except zstandard.ZstdError:
        raise BodyAltered(f"the body of answer {response.id} cannot be unpacked", raw_response_id=response.id) from None
    if hashlib.sha256(body).digest() != response.sha256:
        raise BodyAltered(f"the body of answer {response.id} is not what the bank sent", raw_response_id=response.id)
    return body


def rows_of(response: RawResponse, kind: AccountKind, zone: ZoneInfo) -> StoredRows:
    """The rows of a stored transactions or pending answer by today's rules, with their days in this zone.

    Raises:
        BodyDeleted, BodyAltered: as `body_of`.
    """
    body = body_of(response)
    try:
        fetched = rows_of_pages(body, _STATUS[response.endpoint]) if is_joined(body) else split_rows(body)
        return StoredRows(*normalised(fetched, kind, zone))
    except TrueLayerError as error:
        raise BodyAltered(
            f"answer {response.id} cannot be read: {error.message}", raw_response_id=response.id
        ) from None


def balances_of(response: RawResponse) -> list[Balance]:
    """The balances of a stored balance answer, with the bank's sign.

    Raises:
        BodyDeleted, BodyAltered: as `body_of`.
    """
    body = body_of(response)
    try:
        return parse_entries(body, Balance).read
    except TrueLayerError as error:
        raise BodyAltered(
            f"answer {response.id} cannot be read: {error.message}", raw_response_id=response.id
        ) from None


def normalised(
    fetched: Sequence[UnreadRow | FetchedRow], kind: AccountKind, zone: ZoneInfo
) -> tuple[list[NewTransaction], list[tuple[FetchedRow, str]]]:
    """The rows in our form, with repeats marked, and the unreadable rows with their problems."""
    rows: list[NewTransaction] = []
    rejected: list[tuple[FetchedRow, str]] = []
    for item in fetched:
        if isinstance(item, UnreadRow):
            plain = plain_row(item.raw, item.position, kind, zone)
            if plain is not None:
                rows.append(plain)
                continue
        row = item.read()
        if row.transaction is None:
            rejected.append((row, row.problem or "cannot be read"))
            continue
        try:
            rows.append(normalise(row.transaction, row.position, kind, zone))
        except RowProblem as problem:
            rejected.append((row, str(problem)))
    mark_repeats(rows)
    return rows, rejected


def responses_of(session: Session, account_id: int, *, job_id: int | None = None) -> Iterator[RawResponse]:
    """The account's stored answers, oldest first, one at a time; only those of `job_id` if given."""
    statement = select(RawResponse.id).where(RawResponse.account_id == account_id).order_by(RawResponse.id)
    if job_id is not None:
        statement = statement.where(RawResponse.job_id == job_id)
    for response_id in list(session.scalars(statement)):
        response = session.get_one(RawResponse, response_id)
        yield response
        session.expunge(response)


def answer_of_job(session: Session, job_id: int, account_id: int, endpoint: str) -> RawResponse | None:
    """The newest answer that a job received for an account from an endpoint without days."""
    statement = (
        select(RawResponse)
        .where(RawResponse.job_id == job_id, RawResponse.account_id == account_id, RawResponse.endpoint == endpoint)
        .order_by(RawResponse.id.desc())
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def stored_windows(session: Session, account_id: int) -> list[ImportWindow]:
    """The windows that determine which days of the account are stored, newest answer first."""
    statement = (
        select(ImportWindow)
        .where(ImportWindow.account_id == account_id, ImportWindow.state == WindowState.COMPLETED)
        .order_by(ImportWindow.completed_at.desc(), ImportWindow.id.desc())
    )
    return list(session.scalars(statement))
