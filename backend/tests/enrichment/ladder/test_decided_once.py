"""The ladder decides once for rows that are equal in what it reads of them; each gets what it would get alone."""

from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bankimport.enrichment.categories.taxonomy import DEFAULT_CATEGORIES
from bankimport.enrichment.ladder.ladder import Decision, decide, read_by_ladder
from bankimport.enrichment.rows import CachedAnswer, RowToEnrich, RuleMatch, RuleOrigin
from bankimport.enrichment.rules.rules import Rule, RuleBook
from bankimport.enrichment.statements.merchant_key import Direction

NAMES = frozenset(name for name, _, _ in DEFAULT_CATEGORIES) - {"Coffee"}
RENAMED = {"Groceries": "Food at home", "Transfers": "Between us"}

RAILS = ("", "CARD PAYMENT TO ", "BIZUM A FAVOR DE ", "SALARY ", "REFUND ", "VIR INST ", "D/D ")
NAMED = ("TESCO STORES", "MARIA LOPEZ", "STADTBÄCKEREI", "ATM MILANO", "PAYPAL", "JET2", "QUX", "COSTA", "DENTAL CARE")
NUMBERS = ("", " 12", " 7731", " 12 MAR", " 0xa9", " 3")
TEXTS = [f"{rail}{name}{number}" for rail in RAILS for name in NAMED for number in NUMBERS]
FIELDS: dict[str, list[Any]] = {
    "id": [1, 2],
    "description": TEXTS,
    "amount": [Decimal("-5"), Decimal("-7.10"), Decimal(0), Decimal(3), Decimal(900)],
    "merchant": [None, "Qux", "Tesco", "Maria Lopez", "Costa 12", "Costa 77", "Bizum"],
    "classification": [[], ["Shopping", "Groceries"], ["Shopping"], ["Food & Dining", "Coffee shops"]],
    "transaction_category": [None, "PURCHASE", "TRANSFER", "ATM", "INTEREST"],
}
fields = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in FIELDS.items()})
rules = st.builds(
    Rule,
    id=st.integers(1, 9),
    origin=st.sampled_from(RuleOrigin),
    match=st.sampled_from(RuleMatch),
    pattern=st.sampled_from(["tesco", "tesco stores 12", "card payment", "qux", "maria lopez", "jet2"]),
    direction=st.none() | st.sampled_from(Direction),
    merchant=st.none() | st.just("Mine"),
    category=st.sampled_from([None, "Travel", "Coffee"]),
)
answers = st.dictionaries(
    st.sampled_from(["qux", "tesco", "costa", "maria lopez", ""]),
    st.builds(
        CachedAnswer,
        merchant=st.none() | st.just("Theirs"),
        category=st.sampled_from(["Pharmacy", "unknown", "Coffee"]),
        confidence=st.just(0.7),
        model=st.just("m"),
        prompt_version=st.just("p"),
    ),
)


@given(
    fields,
    st.lists(rules, max_size=3, unique_by=lambda rule: rule.id),
    answers,
    st.sets(st.integers(1, 2)),
    st.randoms(),
)
def test_rows_equal_in_what_the_ladder_reads_get_the_same_decision(
    first: dict[str, Any], written: list[Rule], known: dict[str, CachedAnswer], transfers: set[int], chance: Random
) -> None:
    book = RuleBook(written)
    decided: dict[object, Decision] = {}
    other = {name: chance.choice(values) for name, values in FIELDS.items()}
    for name in FIELDS:
        # Rows that differ in one field, or in all others.
        for values in (first, other, first | {name: other[name]}, other | {name: first[name]}):
            row = RowToEnrich(**values)
            alone = decide(row, row.key, book, known.get(row.key), NAMES | set(RENAMED.values()), transfers, RENAMED)
            assert decided.setdefault(read_by_ladder(row, book, transfers), alone) == alone


def test_what_the_ladder_does_not_read_makes_no_difference_and_what_it_reads_does() -> None:
    def read(description: str, *, amount: str = "-5", merchant: str | None = None, row_id: int = 1) -> object:
        row = RowToEnrich(row_id, description, Decimal(amount), merchant)
        return read_by_ladder(row, RuleBook([]), {7})

    assert read("TESCO STORES 3245") == read("TESCO STORES 9117", amount="-8", row_id=2)
    assert read("CARD 12 X", merchant="Tesco") == read("ANYTHING", merchant="Tesco")
    assert read("TESCO STORES") != read("TESCO STORES", amount="5")
    assert read("TESCO STORES") != read("TESCO STORES", row_id=7)
    assert read("TESCO") != read("TESCO", merchant="Tesco")
    book = RuleBook([Rule(5, RuleOrigin.USER, RuleMatch.CONTAINS, "stores 3245", None, None, "Travel")])
    ruled, other = (RowToEnrich(1, f"TESCO STORES {number}", Decimal(-5), None) for number in (3245, 3246))
    assert read_by_ladder(ruled, book, set()) != read_by_ladder(other, book, set())
