"""Account numbers and banks' answers are under their user's key: not in the tables, and lost with the key."""

import io
import json
import os
import zipfile
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import zstandard
from psycopg import sql
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session
from tests.support.commands.command_line import run_command
from tests.support.steps.installation import Installation
from tests.support.steps.record import Record, a_record

from bankimport.accounts.models import Account, AccountJoin
from bankimport.accounts.numbers import NAMES, AccountNumbers
from bankimport.accounts.service import features_of
from bankimport.audit.verify import verify_user
from bankimport.clock import utc_now
from bankimport.data_rights import seal_stored as sealing
from bankimport.data_rights.erase import erase_user
from bankimport.data_rights.export import zip_pieces
from bankimport.data_rights.seal_stored import count_unsealed, seal_stored
from bankimport.db.session import session_scope
from bankimport.db.tables import Base
from bankimport.imports.answers.raw import BodyAltered, body_of
from bankimport.imports.changes.continuation_undo import opened_state, state_before
from bankimport.imports.models import REJECTED, RawResponse, RejectedRow
from bankimport.maintenance.upgrade import check_upgrade
from bankimport.settings import variable_of
from bankimport.users.models import User
from bankimport.vault.keys import plain_of, vault_of
from bankimport.vault.models import UserKey
from bankimport.vault.seal import MARK, SealBroken

ODD_ROW = b'{"transaction_id":"odd","amount":"none of it, for GB33BUKB20201555555555"}'


@pytest.fixture
def record(installation: Installation) -> Record:
    """A record with a rejected row, and with a continuation of an account that can be undone."""

    def make() -> Record:
        made = a_record(installation)
        with session_scope() as session:
            rejected = RejectedRow(
                job_id=made.job_id,
                account_id=made.account_id,
                raw_response_id=made.raw_response_id,
                raw_position=10_000,
                reason="cannot be read",
                raw=vault_of(session, made.user_id).seal(ODD_ROW, REJECTED),
            )
            account, card = (session.get_one(Account, number) for number in (made.account_id, made.card_id))
            join = AccountJoin(
                user_id=made.user_id,
                account_id=card.id,
                joined_id=account.id,
                joined_name="",
                before=state_before(session, account, card),
                joined_at=utc_now(),
            )
            session.add_all([rejected, join])
        return made

    return installation.once("a record with everything that is sealed", make)


def numbers_of(user_id: int) -> dict[int, AccountNumbers]:
    with session_scope() as session:
        return {
            account.id: account.numbers
            for account in session.scalars(select(Account).where(Account.user_id == user_id))
        }


def bodies() -> dict[int, bytes]:
    with session_scope() as session:
        return {
            row.id: body_of(row) for row in session.scalars(select(RawResponse).where(RawResponse.body.is_not(None)))
        }


def rejected() -> list[bytes]:
    with session_scope() as session:
        return [row.received for row in session.scalars(select(RejectedRow).order_by(RejectedRow.id))]


def states() -> list[dict[str, Any]]:
    with session_scope() as session:
        return [plain_state(session, join) for join in session.scalars(select(AccountJoin))]


def plain_state(session: Session, join: AccountJoin) -> dict[str, Any]:
    key = session.scalar(select(UserKey.key_encrypted).where(UserKey.user_id == join.user_id))
    return opened_state(lambda stored, kind: plain_of(join.user_id, key, stored, kind), join.before)


def dump(installation: Installation) -> Iterator[tuple[str, bytes]]:
    """Every table as pg_dump writes it: text, with binary values in hexadecimal."""
    with psycopg.connect(installation.owner_url) as connection, connection.cursor() as cursor:
        for table in sorted(Base.metadata.tables):
            with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copied:
                yield table, b"".join(bytes(piece) for piece in copied)


def test_a_dump_has_no_account_number_no_answer_and_no_rejected_row(installation: Installation, record: Record) -> None:
    known = [getattr(numbers, name) for numbers in numbers_of(record.user_id).values() for name in NAMES[:3]]
    wanted = {number.encode() for number in known if number}
    assert len(wanted) >= 3
    wanted |= {ODD_ROW, ODD_ROW[10:40], b"GB33BUKB20201555555555", zstandard.compress(b"{}")[:4]}
    for body in bodies().values():
        wanted.add(body[:200])
        wanted |= {json.dumps(row)[:60].encode() for row in json.loads(body)["results"][:3]}

    found = {(table, text_) for table, copied in dump(installation) for text_ in wanted if _has(copied, text_)}

    assert found == set()


def _has(copied: bytes, wanted: bytes) -> bool:
    return wanted in copied or wanted.hex().encode() in copied


def test_without_the_key_nothing_opens_and_an_erasure_deletes_it_first(
    installation: Installation, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = a_record(installation, "eve@example.org")
    with session_scope() as session:
        key = session.get_one(UserKey, record.user_id).key_encrypted
        theirs = session.get_one(UserKey, other.user_id).key_encrypted
        # A key that somebody puts in another user's place opens nothing there.
        session.execute(update(UserKey).where(UserKey.user_id == record.user_id).values(key_encrypted=theirs))
    with pytest.raises(SealBroken, match="another user's"):
        numbers_of(record.user_id)
    with session_scope() as session:
        session.execute(update(UserKey).where(UserKey.user_id == record.user_id).values(key_encrypted=key))
    assert numbers_of(record.user_id)

    with monkeypatch.context() as patched:
        patched.setattr("bankimport.data_rights.erase.TRIES", 0)
        erase_user(other.user_id, None)
    with session_scope() as session:
        assert session.scalar(select(User.erasing_since).where(User.id == other.user_id)) is not None
        assert session.get(UserKey, other.user_id) is None
        with pytest.raises(SealBroken, match="has no key"):
            vault_of(session, other.user_id)
        own = RawResponse.user_id == other.user_id
        session.execute(update(RawResponse).where(own).values(body=zstandard.compress(b"{}")))
    assert seal_stored() == 0, "there is no key for them any more, and nobody else has to wait"
    with session_scope() as session:
        session.execute(update(RawResponse).where(own).values(body=MARK + bytes(40)))
    with pytest.raises(SealBroken, match="was erased"):
        numbers_of(other.user_id)
    with pytest.raises(BodyAltered, match="was erased"):
        bodies()
    erase_user(other.user_id, None)
    assert numbers_of(other.user_id) == {}
    assert numbers_of(record.user_id)
    assert bodies()


def test_what_was_stored_before_there_were_keys_is_read_and_then_sealed(
    installation: Installation, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (numbers_of(record.user_id), bodies(), rejected(), states())
    assert before[2] == [ODD_ROW]
    unseal()
    with session_scope() as session:
        assert session.scalar(select(func.count()).select_from(UserKey)) == 0
        left = count_unsealed(session)
    assert check_upgrade(installation.owner_url).unsealed == left
    assert set(left) == {"raw_responses", "rejected_rows", "truelayer_accounts", "account_joins"}
    assert left["raw_responses"] == len(before[1])
    assert (numbers_of(record.user_id), bodies(), rejected()) == before[:3]
    here = {variable_of("database_url"): os.environ["DATABASE_URL"]}
    checks = json.loads(run_command(("doctor", "--json"), here).out)["checks"]
    said = next(check["found"] for check in checks if check["name"] == "encryption")
    assert f"{left['raw_responses']} of raw_responses" in said
    in_plain = exported(record)
    numbers = {row["id"]: AccountNumbers(*(row[name] for name in NAMES)) for row in in_plain["truelayer_accounts"]}
    assert numbers == before[0]
    assert {row["id"]: row["body"].encode() for row in in_plain["raw_responses"]} == before[1]
    assert [bytes.fromhex(row["raw"]) for row in in_plain["rejected_rows"]] == before[2]

    monkeypatch.setattr(sealing, "ROWS_AT_A_TIME", 2)
    with session_scope() as holder:
        holder.scalars(select(RawResponse).order_by(RawResponse.id).limit(1).with_for_update()).one()
        sealed = seal_stored()
        with session_scope() as session:
            assert count_unsealed(session) == {"raw_responses": 1}, "a row that somebody holds waits"
    assert seal_stored() == 1
    assert sealed + 1 == sum(left.values())
    assert seal_stored() == 0

    assert (numbers_of(record.user_id), bodies(), rejected(), states()) == before
    with session_scope() as session:
        assert verify_user(session, record.user_id).findings == []
        features = features_of(session.get_one(Account, record.account_id))
    assert features.numbers == before[0][record.account_id]
    sealed_again = exported(record)
    assert [row.pop("before").pop("is_sealed") for row in sealed_again["account_joins"]] == [True]
    del in_plain["account_joins"], sealed_again["account_joins"]
    assert sealed_again == in_plain


def exported(record: Record) -> dict[str, list[dict[str, Any]]]:
    """What the export of everything has in the tables with sealed values."""
    with session_scope() as session:
        packed = b"".join(zip_pieces(session, record.user_id, utc_now()))
    with zipfile.ZipFile(io.BytesIO(packed)) as pack:
        names = ("truelayer_accounts", "raw_responses", "rejected_rows", "account_joins")
        return {name: [json.loads(line) for line in pack.open(f"{name}.jsonl")] for name in names}


def unseal() -> None:
    """Put everything into the form of before there were keys."""
    with session_scope() as session:
        for answer in session.scalars(select(RawResponse)):
            answer.body = zstandard.ZstdCompressor(level=3).compress(body_of(answer))
        for row in session.scalars(select(RejectedRow)):
            row.raw = row.received
        for account in session.scalars(select(Account)):
            for name, value in zip(NAMES, [getattr(account.numbers, name) for name in NAMES], strict=True):
                setattr(account, f"plain_{name}", value)
            account.numbers_sealed = None
        for join in session.scalars(select(AccountJoin)):
            plain = plain_state(session, join)
            join.before = {name: value for name, value in plain.items() if name != "is_sealed"}
        session.flush()
        session.execute(delete(UserKey))
