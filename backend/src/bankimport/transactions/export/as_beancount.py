"""Rows as beancount transactions that balance to zero; pure.

Source: beancount.github.io, "Beancount Language Syntax".
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bankimport.accounts.models import Account, AccountKind
from bankimport.transactions.export.rows import ExportRow, RowGroup
from bankimport.transactions.models import TransactionStatus, is_confirmed_transfer

OPENED_ON = "1970-01-01"
"""A day before any row: deep history may arrive after newer rows, and its accounts must already be open."""

IN_TRANSIT = "Assets:Transfers"
"""The counter account of both rows of a confirmed transfer; the two amounts add up to zero there."""

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def beancount_string(text: str) -> str:
    """Text as a quoted string on one line, which beancount reads back unchanged."""
    return '"' + "".join(_ESCAPES.get(character, character) for character in text) + '"'


def account_name(account: Account) -> str:
    """The beancount name of one of our accounts: as much of its name as beancount allows, made unique by our id."""
    root = "Liabilities" if account.kind is AccountKind.CARD else "Assets"
    kind = "Card" if account.kind is AccountKind.CARD else "Account"
    return f"{root}:{_component(account.display_name) or kind}-{account.id}"


def counter_account(category: str | None, classification: Sequence[str], *, is_out: bool) -> str:
    """The account on the other side: our category, else the bank's classification, else an unknown account."""
    words = [category] if category and category.strip() else [word for word in classification if word.strip()]
    components = [_component(word) or _unreadable(word) for word in words] or ["Uncategorised"]
    return ":".join(["Expenses" if is_out else "Income", *components])


def beancount_pieces(
    rows: Iterable[ExportRow],
    accounts: Mapping[int, Account],
    groups: Iterable[RowGroup],
    *,
    is_continued: bool,
    bookmark: str,
) -> Iterator[str]:
    """The ledger: it opens the accounts, then has one transaction per row; nothing is padded or adjusted.

    A ledger that continues an earlier export opens nothing, because an account may be opened only once. If it is read
    on its own, a beancount plugin opens the missing accounts.
    """
    yield "; Transactions by bankimport. Amounts are the bank's: negative = money out of the account.\n"
    if is_continued:
        yield 'plugin "beancount.plugins.auto_accounts"\n'
    else:
        yield from _openings(accounts, groups)
    for row in rows:
        yield _transaction(row, accounts[row.account_id])
    yield f"\n; bookmark: {bookmark}\n"


def _openings(accounts: Mapping[int, Account], groups: Iterable[RowGroup]) -> Iterator[str]:
    used: set[int] = set()
    counters: set[str] = set()
    for group in groups:
        used.add(group.account_id)
        counters.add(
            IN_TRANSIT
            if group.is_transfer
            else counter_account(group.category, group.classification, is_out=group.is_out)
        )
    for account_id in sorted(used):
        account = accounts[account_id]
        yield f"{OPENED_ON} open {account_name(account)}\n"
        yield f"  name: {beancount_string(account.display_name)}\n"
    for name in sorted(counters):
        yield f"{OPENED_ON} open {name}\n"


def _transaction(row: ExportRow, account: Account) -> str:
    flag = "!" if row.status is TransactionStatus.PENDING else "*"
    payee = beancount_string(row.merchant) + " " if row.merchant else ""
    counter = counter_account(row.category, row.classification, is_out=row.amount < 0)
    link = ""
    if row.transfer is not None and is_confirmed_transfer(row.transfer):
        counter, link = IN_TRANSIT, f" ^transfer-{row.transfer['id']}"
    return (
        f"\n{row.date} {flag} {payee}{beancount_string(row.description)}{link}\n"
        f'  id: "{row.id}"\n'
        f"  {account_name(account)}  {row.amount:f} {row.currency}\n"
        f"  {counter}  {-row.amount:f} {row.currency}\n"
    )


def _component(text: str) -> str:
    """Text as one part of an account name: ASCII letters and digits joined by dashes, with an initial capital; or
    ''."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Za-z0-9]+", plain.replace("'", ""))
    joined = "-".join(words)
    return joined[:1].upper() + joined[1:]


def _unreadable(text: str) -> str:
    """A stable name for a category without letters that all readers of beancount accept."""
    return "Category-" + hashlib.blake2b(text.encode(), digest_size=4).hexdigest()
