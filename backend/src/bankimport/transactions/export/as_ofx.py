"""Rows as an OFX 2.1.1 file with a statement for each account and card; pure.

Source: Financial Data Exchange, "Open Financial Exchange Specification 2.1.1", chapters 2, 3 and 11.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from xml.sax.saxutils import escape

from bankimport.accounts.models import Account, AccountKind
from bankimport.transactions.export.rows import ExportRow
from bankimport.transactions.models import is_confirmed_transfer

LONGEST_NAME = 32
LONGEST_MEMO = 255
LONGEST_BANK_ID = 9

NOTHING_KNOWN = datetime(1970, 1, 1, tzinfo=UTC)
"""A day before any row: the format requires a balance. If we have none, this date says nothing about later days."""

_TYPES = {
    "ATM": "ATM",
    "BILL_PAYMENT": "PAYMENT",
    "CASH": "CASH",
    "CHEQUE": "CHECK",
    "DIRECT_DEBIT": "DIRECTDEBIT",
    "DIVIDEND": "DIV",
    "FEE_CHARGE": "FEE",
    "INTEREST": "INT",
    "PURCHASE": "POS",
    "STANDING_ORDER": "REPEATPMT",
    "TRANSFER": "XFER",
}

# XML 1.0 cannot contain these, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

StatementDays = Mapping[tuple[int, str], tuple[date, date]]
"""The first and last day of an account's rows in one currency."""


def ofx_text(text: str, longest: int) -> str:
    """Text for an element: on one line, cut to the maximum length, then escaped.

    Readers strip blanks, so each run of them becomes one space, as do characters that XML cannot contain.
    """
    plain = " ".join(_NOT_XML.sub(" ", text).split())
    return escape(plain[:longest].rstrip())


def ofx_pieces(
    rows: Iterable[ExportRow],
    accounts: Mapping[int, Account],
    days: StatementDays,
    *,
    stored_at: datetime | None,
    with_balances: bool,
    left_out: Mapping[str, int],
    bookmark: str,
) -> Iterator[str]:
    """The file. Pass rows with accounts before cards, and with the rows of one account and currency together.

    Rows in another currency than the account's form a separate statement, because no exchange rate is known.
    `stored_at`, when the newest row was stored, is used as the server's time, so that the same rows give the same
    bytes. Balances are those of the last import, whatever the rows, and can be left out. `left_out` counts rows not in
    `rows`, by currency: OFX allows only ISO 4217 currencies, and readers reject a whole file because of another one.
    """
    yield (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
        '<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n'
        "<OFX>\n"
        "<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>"
        f"<DTSERVER>{_moment(stored_at or NOTHING_KNOWN)}</DTSERVER><LANGUAGE>ENG</LANGUAGE></SONRS></SIGNONMSGSRSV1>\n"
    )
    for is_card, of_kind in groupby(rows, lambda row: accounts[row.account_id].kind is AccountKind.CARD):
        messages = "CREDITCARDMSGSRSV1" if is_card else "BANKMSGSRSV1"
        yield f"<{messages}>\n"
        for (account_id, currency), of_statement in groupby(of_kind, lambda row: (row.account_id, row.currency)):
            account = accounts[account_id]
            balance = _balance(account) if with_balances and _is_main(account, currency) else None
            yield from _statement(of_statement, account, currency, days[account_id, currency], balance)
        yield f"</{messages}>\n"
    yield "</OFX>\n"
    for currency, count in sorted(left_out.items()):
        yield f"<!-- left out: {count} row{'' if count == 1 else 's'} in {currency}, which OFX does not support -->\n"
    yield f"<!-- bookmark: {bookmark} -->\n"


def _statement(
    rows: Iterable[ExportRow],
    account: Account,
    currency: str,
    days: tuple[date, date],
    balance: tuple[Decimal, datetime] | None,
) -> Iterator[str]:
    is_card = account.kind is AccountKind.CARD
    response, statement = ("CCSTMTTRNRS", "CCSTMTRS") if is_card else ("STMTTRNRS", "STMTRS")
    account_id = str(account.id) if _is_main(account, currency) else f"{account.id}-{currency}"
    yield (
        f"<{response}><TRNUID>{account_id}</TRNUID>"
        "<STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>\n"
        f"<{statement}><CURDEF>{currency}</CURDEF>{_account_from(account, account_id)}\n"
        f"<BANKTRANLIST><DTSTART>{_day(days[0])}</DTSTART><DTEND>{_day(days[1])}</DTEND>\n"
    )
    for row in rows:
        yield _transaction(row)
    amount, as_of = balance or (Decimal(0), NOTHING_KNOWN)
    yield (
        "</BANKTRANLIST>\n"
        f"<LEDGERBAL><BALAMT>{amount:f}</BALAMT><DTASOF>{_moment(as_of)}</DTASOF></LEDGERBAL>\n"
        f"</{statement}></{response}>\n"
    )


def _is_main(account: Account, currency: str) -> bool:
    return not account.currency or currency == account.currency


def _balance(account: Account) -> tuple[Decimal, datetime] | None:
    """The stored balance and when the bank reported it; negative = money owed, for cards too."""
    if account.balance_current is None or account.balance_at is None:
        return None
    return account.balance_current, account.balance_at


def _account_from(account: Account, account_id: str) -> str:
    """Our id identifies the account, because it stays the same when the bank's numbers and TrueLayer's ids change."""
    if account.kind is AccountKind.CARD:
        return f"<CCACCTFROM><ACCTID>{account_id}</ACCTID></CCACCTFROM>"
    kind = "SAVINGS" if "SAVINGS" in (account.account_type or "").upper() else "CHECKING"
    bank = ofx_text(account.bank_id, LONGEST_BANK_ID) or "UNKNOWN"
    return (
        f"<BANKACCTFROM><BANKID>{bank}</BANKID><ACCTID>{account_id}</ACCTID><ACCTTYPE>{kind}</ACCTTYPE></BANKACCTFROM>"
    )


def _transaction(row: ExportRow) -> str:
    """One row. FITID is our id: never reused, and unchanged when a pending row is booked."""
    by_sign = "DEBIT" if row.amount < 0 else "CREDIT"
    name = ofx_text(row.merchant or row.description, LONGEST_NAME)
    memo = ofx_text(row.description, LONGEST_MEMO)
    trntype = "XFER" if is_confirmed_transfer(row.transfer) else _TYPES.get(row.transaction_category or "", by_sign)
    return (
        f"<STMTTRN><TRNTYPE>{trntype}</TRNTYPE>"
        f"<DTPOSTED>{_day(row.date)}</DTPOSTED><TRNAMT>{row.amount:f}</TRNAMT><FITID>{row.id}</FITID>"
        + (f"<NAME>{name}</NAME>" if name else "")
        + (f"<MEMO>{memo}</MEMO>" if memo else "")
        + "</STMTTRN>\n"
    )


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%d%H%M%S}.000[0:GMT]"
