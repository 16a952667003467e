"""Undo the continuation of an account: the two accounts are as they were before, with the edits made since."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ARRAY, BigInteger, bindparam, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from bankimport.accounts import repository as accounts
from bankimport.accounts.models import Account, AccountBalance, AccountFreshness, AccountJoin
from bankimport.accounts.numbers import KIND, NAMES, AccountNumbers, read_numbers
from bankimport.accounts.service import seal_numbers
from bankimport.errors import NotFound
from bankimport.imports.errors import NotPossibleNow
from bankimport.imports.models import OPEN_ACCOUNT_STATUSES, AccountImport, ImportEvent, ImportJob, JobStatus
from bankimport.transactions.changes import note_restored
from bankimport.transactions.models import Transaction, Transfer
from bankimport.transactions.transfers.suggest import lock_transfers
from bankimport.users.record import record
from bankimport.vault.keys import vault_of
from bankimport.vault.seal import Vault

MOVED_TABLES = (
    "import_windows",
    "truelayer_import_progress",
    "raw_responses",
    "rejected_rows",
    "account_balances",
    "bank_api_calls",
    "account_doors",
    "transactions",
)
"""The tables whose rows move to the continued account, by their ids. The events of its imports move by their jobs."""

ID_LISTS = (
    ("truelayer_import_jobs", "account_ids"),
    ("truelayer_import_jobs", "card_ids"),
    ("truelayer_import_schedules", "account_ids"),
)
"""The lists that name accounts."""

TAKEN_FIELDS = (
    "listed_name",
    "bank_id",
    "card_network",
    "holder_name",
)
"""What the continued account takes from the newer one, besides its numbers."""

SEALED = "is_sealed"
"""A stored state without this mark is from before there were users' keys, and has account numbers in plain."""


class NotContinued(NotFound):
    """This account does not continue another one."""

    code = "not_continued"


def joins_of(session: Session, user_id: int) -> list[AccountJoin]:
    """The user's continuations that can be undone, newest first; `undo_continuation` says what may block that."""
    statement = select(AccountJoin).where(AccountJoin.user_id == user_id).order_by(AccountJoin.id.desc())
    return list(session.scalars(statement))


def state_before(session: Session, new: Account, old: Account) -> dict[str, Any]:
    """What the join of these two accounts is about to change, in a form that can be stored.

    Their numbers, which it contains, are sealed.
    """
    for account in (new, old):
        seal_numbers(session, account)
    session.flush()
    of_new = {"new": new.id}
    moved = {
        table: list(session.scalars(text(f"SELECT id FROM {table} WHERE account_id = :new ORDER BY id"), of_new))  # noqa: S608
        for table in MOVED_TABLES
    }
    lists = [
        [table, column, row[0], row[1]]
        for table, column in ID_LISTS
        for row in session.execute(
            text(f"SELECT id, {column} FROM {table} WHERE CAST(:new AS text) = ANY ({column})"),  # noqa: S608
            of_new,
        )
    ]
    return {
        "account": session.scalar(text("SELECT to_jsonb(a) FROM truelayer_accounts a WHERE id = :new"), of_new),
        "declined": session.scalar(
            text(
                "SELECT coalesce(jsonb_agg(to_jsonb(d)), '[]') FROM declined_continuations d"
                " WHERE :new IN (new_account_id, old_account_id)"
            ),
            of_new,
        ),
        "joins": session.scalar(
            text("SELECT coalesce(jsonb_agg(to_jsonb(j)), '[]') FROM account_joins j WHERE account_id = :new"), of_new
        ),
        "fields": {
            **{name: getattr(old, name) for name in (*TAKEN_FIELDS, "nickname")},
            "numbers_sealed": _in_json(old.numbers_sealed),
        },
        SEALED: True,
        "moved": moved,
        "lists": lists,
    }


def sealed_state(vault: Vault, before: Mapping[str, Any]) -> Mapping[str, Any]:
    """A stored state with its account numbers sealed, which they may be already."""
    if SEALED in before:
        return before
    return {
        **before,
        "account": _sealed(vault, before["account"]),
        "fields": _sealed(vault, before["fields"]),
        "joins": [{**join, "before": sealed_state(vault, join["before"])} for join in before.get("joins", [])],
        SEALED: True,
    }


def _sealed(vault: Vault, row: Mapping[str, Any]) -> dict[str, Any]:
    numbers = AccountNumbers(*(row.get(name) for name in NAMES))
    sealed = vault.seal(numbers.written(), KIND) if numbers != AccountNumbers() else None
    return {**row, **dict.fromkeys(NAMES), "numbers_sealed": _in_json(sealed)}


def opened_state(plain: Callable[[bytes, str], bytes], before: Mapping[str, Any]) -> dict[str, Any]:
    """A stored state with its account numbers in plain, for its user; `plain` opens a sealed value of a kind."""

    def opened(row: Mapping[str, Any]) -> dict[str, Any]:
        sealed = _from_json(row.get("numbers_sealed"))
        numbers = {} if sealed is None else asdict(read_numbers(plain(sealed, KIND)))
        return {**{name: value for name, value in row.items() if name != "numbers_sealed"}, **numbers}

    joins = [{**join, "before": opened_state(plain, join["before"])} for join in before.get("joins", [])]
    return {**before, "account": opened(before["account"]), "fields": opened(before["fields"]), "joins": joins}


def _in_json(value: bytes | None) -> str | None:
    """As PostgreSQL writes bytes in JSON."""
    return None if value is None else f"\\x{value.hex()}"


def _from_json(value: str | None) -> bytes | None:
    return None if value is None else bytes.fromhex(value.removeprefix("\\x"))


def undo_continuation(session: Session, user_id: int, account_id: int) -> Account:
    """Separate an account from the one that it continued last; returns the account that exists again.

    Rows go back to where they were, with the edits made since. Balances reported since are dropped, because it is
    unknown whose they are.

    Raises:
        AccountNotFound: no such account, or not this user's.
        NotContinued: it does not continue another account.
        NotPossibleNow: an import of it is in progress, or imports since then have to be undone or redone first.
    """
    old = accounts.account_of(session, user_id, account_id)
    accounts.lock_for_undo(session, select(Account.id).where(Account.id == old.id))
    statement = select(AccountJoin).where(AccountJoin.account_id == old.id).order_by(AccountJoin.id.desc()).limit(1)
    join = session.scalars(statement).one_or_none()
    if join is None:
        raise NotContinued(f"account {account_id} does not continue another one")
    _check_no_import_since(session, old, join)
    both = {"new": join.joined_id, "old": old.id}
    before = sealed_state(vault_of(session, user_id), join.before)
    _insert_account(session, old.id, before)
    for table, ids in before["moved"].items():
        statement_of_table = text(f"UPDATE {table} SET account_id = :new WHERE id = ANY (:ids) AND account_id = :old")  # noqa: S608
        session.execute(statement_of_table.bindparams(bindparam("ids", type_=ARRAY(BigInteger))), both | {"ids": ids})
    jobs = select(AccountImport.job_id).where(AccountImport.account_id == join.joined_id)
    session.execute(
        update(ImportEvent)
        .where(ImportEvent.account_id == old.id, ImportEvent.job_id.in_(jobs))
        .values(account_id=join.joined_id)
    )
    _separate_rows(session, user_id, before["rows"])
    _restore_lists(session, both, before["lists"])
    for name in (*TAKEN_FIELDS, "nickname"):
        setattr(old, name, before["fields"][name])
    old.numbers_sealed = _from_json(before["fields"]["numbers_sealed"])
    balance = AccountBalance
    session.execute(delete(balance).where(balance.account_id == old.id, balance.told_at >= join.joined_at))
    session.execute(delete(AccountFreshness).where(AccountFreshness.account_id == old.id))
    session.delete(join)
    session.flush()
    record(session, user_id, "account.separated", account_id=old.id, from_account_id=both["new"])
    session.expire_all()
    return accounts.account_of(session, user_id, both["new"])


def _check_no_import_since(session: Session, old: Account, join: AccountJoin) -> None:
    of_account = (
        select(ImportJob)
        .where(ImportJob.id.in_(select(AccountImport.job_id).where(AccountImport.account_id == old.id)))
        .order_by(ImportJob.id.desc())
    )
    under_way = select(AccountImport.id).where(
        AccountImport.account_id == old.id, AccountImport.status.in_(OPEN_ACCOUNT_STATUSES)
    )
    if session.scalars(under_way.limit(1)).first() is not None:
        raise NotPossibleNow(f"an import of {old.display_name} is in progress; wait until it ends, or cancel it")
    is_live = ImportJob.job_status.not_in((JobStatus.PLANNED, JobStatus.UNDONE))
    is_real = or_(~ImportJob.is_dry_run, ImportJob.committed_at.is_not(None))
    began = func.coalesce(ImportJob.committed_at, ImportJob.created_at)
    since = session.scalars(of_account.where(began > join.joined_at, is_live, is_real)).all()
    if since:
        raise NotPossibleNow(f"{_named(since)} imported this account since; undo {_it(since)} first, newest first")
    undone = session.scalars(
        of_account.where(ImportJob.created_at <= join.joined_at, ImportJob.undone_at > join.joined_at)
    ).all()
    if undone:
        raise NotPossibleNow(f"{_named(undone)} was undone since; redo {_it(undone)} first")


def _named(jobs: Sequence[ImportJob]) -> str:
    numbers = [str(job.id) for job in jobs]
    return f"import {numbers[0]}" if len(numbers) == 1 else f"imports {', '.join(numbers)}"


def _it(jobs: Sequence[ImportJob]) -> str:
    return "it" if len(jobs) == 1 else "them"


def _restore_lists(session: Session, both: Mapping[str, int], lists: Sequence[Sequence[Any]]) -> None:
    """Name the separated account again where the join replaced it. A list that was edited since stays as it is."""
    for table, column, row_id, ids in lists:
        joined = [str(both["old"]) if item == str(both["new"]) else item for item in ids]
        session.execute(
            text(
                f"UPDATE {table} SET {column} = CAST(:ids AS text[]) "  # noqa: S608
                f"WHERE id = :id AND {column} = CAST(:joined AS text[])"
            ),
            {"ids": ids, "id": row_id, "joined": joined},
        )


def _insert_account(session: Session, old_id: int, before: Mapping[str, Any]) -> None:
    """The account with what the user decided about it: continuations declined, and those that it made itself.

    Columns that are newer than the stored state get the values of the account that continued it.
    """
    insert_row = text(
        "INSERT INTO truelayer_accounts OVERRIDING SYSTEM VALUE"
        " SELECT * FROM jsonb_populate_record((SELECT a FROM truelayer_accounts a WHERE a.id = :old), :row)"
    ).bindparams(bindparam("row", type_=JSONB))
    session.execute(insert_row, {"row": before["account"], "old": old_id})
    insert_declined = text(
        "INSERT INTO declined_continuations"
        " SELECT d.* FROM jsonb_populate_recordset(NULL::declined_continuations, :rows) d"
        " WHERE EXISTS (SELECT FROM truelayer_accounts WHERE id = d.new_account_id)"
        " AND EXISTS (SELECT FROM truelayer_accounts WHERE id = d.old_account_id)"
    ).bindparams(bindparam("rows", type_=JSONB))
    session.execute(insert_declined, {"rows": before["declined"]})
    insert_joins = text(
        "INSERT INTO account_joins OVERRIDING SYSTEM VALUE"
        " SELECT j.* FROM jsonb_populate_recordset(NULL::account_joins, :rows) j"
    ).bindparams(bindparam("rows", type_=JSONB))
    session.execute(insert_joins, {"rows": before.get("joins", [])})  # older ones were stored without


def _separate_rows(session: Session, user_id: int, rows: Mapping[str, Any]) -> None:
    """Bring back the rows that were merged, and the edits and transfers that the merge moved."""
    t = Transaction
    restored = [int(row_id) for row_id in rows["twins"]]
    session.execute(update(t).where(t.id.in_(restored)).values(removed_at=None))
    note_restored(session, user_id, restored)
    for row_id, key in rows["keys"].items():
        session.execute(update(t).where(t.id == int(row_id)).values(dedupe_key=key))
    for edit in rows["edits"]:
        name, source = edit["field"], f"{edit['field']}_source"
        is_unchanged = (getattr(t, name).is_not_distinct_from(edit["carried"]), getattr(t, source) == "user")
        session.execute(
            update(t).where(t.id == edit["row"], *is_unchanged).values({name: edit["value"], source: edit["source"]})
        )
    lock_transfers(session, user_id)
    for transfer_id, side, row_id in rows["transfers"]:
        is_there = getattr(Transfer, side) == rows["twins"][str(row_id)]
        session.execute(update(Transfer).where(Transfer.id == transfer_id, is_there).values({side: row_id}))
