"""Text survives each format: whatever a bank writes, an independent reader finds exactly it again."""

import csv
import io
import re
from xml.etree import ElementTree
from xml.sax.saxutils import unescape

import pytest
from beancount.core import account as beancount_accounts
from beancount.core.data import Transaction as BeancountTransaction
from beancount.parser import parser
from hypothesis import example, given
from hypothesis import strategies as st

from bankimport.accounts.models import Account, AccountKind
from bankimport.transactions.export.as_beancount import account_name, beancount_string, counter_account
from bankimport.transactions.export.as_csv import guarded, unguarded
from bankimport.transactions.export.as_ofx import LONGEST_NAME, ofx_text

# What PostgreSQL can store: everything but NUL and lone surrogates.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00")) | st.text("'\"=+-@\t\r\n\\&<>;#ntb 🙂é")
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


@given(TEXTS)
@example("'=1")
@example("''+1")
def test_no_text_is_a_formula_in_csv_and_every_text_can_be_restored(text: str) -> None:
    cell = guarded(text)

    assert not cell.startswith(FORMULA_STARTS)
    assert unguarded(cell) == text
    assert cell == text or text.lstrip("'").startswith(FORMULA_STARTS)


@given(TEXTS)
def test_guarded_text_is_read_back_from_csv(text: str) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerow([guarded(text), "end"])

    ((cell, end),) = csv.reader(io.StringIO(written.getvalue(), newline=""))

    assert (unguarded(cell), end) == (text, "end")


@given(TEXTS, st.integers(1, 300))
@example("\x1f\ufffe\x0b", 10)
@example("&lt;", 3)
def test_ofx_text_is_well_formed_on_one_line_and_not_too_long(text: str, longest: int) -> None:
    written = ofx_text(text, longest)

    element = ElementTree.fromstring(f"<NAME>{written}</NAME>")
    read = element.text or ""
    assert len(element) == 0
    assert len(read) <= longest
    assert read == unescape(written)
    assert read == " ".join(read.split())
    printable = re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", " ", text)
    assert " ".join(printable.split()).startswith(read)


@given(TEXTS)
def test_a_string_is_read_back_unchanged_from_beancount(text: str) -> None:
    postings = "  Assets:A-1  -3.50 GBP\n  Expenses:Uncategorised  3.50 GBP\n"
    ledger = f'2026-03-05 * {beancount_string(text)}\n  id: "1"\n{postings}'

    entries, errors, _ = parser.parse_string(ledger)

    assert errors == []
    (entry,) = entries
    assert isinstance(entry, BeancountTransaction)
    assert entry.narration == text
    assert [posting.account for posting in entry.postings] == ["Assets:A-1", "Expenses:Uncategorised"]


@given(TEXTS, st.sampled_from(AccountKind), st.integers(1, 10**18))
def test_every_account_has_a_valid_unique_name(text: str, kind: AccountKind, account_id: int) -> None:
    name = account_name(Account(id=account_id, kind=kind, listed_name=text))

    assert beancount_accounts.is_valid(name)
    assert name.isascii()
    assert name.rsplit("-", 1)[1] == str(account_id)
    assert name.startswith("Liabilities:" if kind is AccountKind.CARD else "Assets:")


@given(st.none() | TEXTS, st.lists(TEXTS, max_size=3), st.booleans())
def test_every_category_has_a_valid_account(category: str | None, classification: list[str], is_out: bool) -> None:
    name = counter_account(category, classification, is_out=is_out)

    assert beancount_accounts.is_valid(name)
    assert name.isascii()
    assert name.startswith("Expenses:" if is_out else "Income:")


@pytest.mark.parametrize(
    ("category", "classification", "name"),
    [
        (None, [], "Expenses:Uncategorised"),
        ("", [" "], "Expenses:Uncategorised"),
        ("eating out", ["Shopping"], "Expenses:Eating-out"),
        (None, ["Food & Dining", "Coffee shops"], "Expenses:Food-Dining:Coffee-shops"),
        ("Café: crème", [], "Expenses:Cafe-creme"),
        ("食費", [], "Expenses:Category-c3d9f71c"),
    ],
)
def test_categories_become_accounts(category: str | None, classification: list[str], name: str) -> None:
    assert counter_account(category, classification, is_out=True) == name


def test_a_name_is_cut_to_the_maximum_length_before_it_is_escaped() -> None:
    assert ofx_text("&" * 40, LONGEST_NAME) == "&amp;" * 32
