"""Whatever a bank does to ids, texts, days and pages, the stored rows are its rows, or the user is asked."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.support.steps.rows import a_row, as_stored

from bankimport.imports.answers.normalise import NewTransaction
from bankimport.imports.answers.repeats import DOUBTFUL, REPEATED_BLOCK, mark_repeats
from bankimport.imports.match.match import dedupe_keys, match_rows
from bankimport.imports.match.pairing import FURTHEST_MOVE_BY_TEXT, Matching, MatchKind, StoredRow

DAY = date(2026, 3, 5)
MONTH = timedelta(days=30)


def match(fetched: list[NewTransaction], stored: list[StoredRow]) -> Matching:
    mark_repeats(fetched)
    return match_rows(fetched, stored, covered_from=DAY - MONTH, covered_to=DAY + MONTH)


def texts_of(found: Matching) -> dict[str, str]:
    return {pair.stored.description: pair.fetched.description for pair in found.matches}


def test_an_id_that_is_a_position_in_the_day_does_not_match_another_payment() -> None:
    stored = [as_stored(a_row(amount="-4", description="TRANSFER ANNA", provider=f"{DAY}-1"), 1)]
    late = a_row(amount="-4", description="COFFEE", provider=f"{DAY}-1")
    shifted = a_row(amount="-4", description="TRANSFER ANNA", provider=f"{DAY}-2", position=1)

    found = match([late, shifted], stored)

    assert texts_of(found) == {"TRANSFER ANNA": "TRANSFER ANNA"}
    assert found.new == [late]


def test_a_position_in_the_day_does_not_identify_a_row_with_a_completed_text() -> None:
    stored = [as_stored(a_row(amount="-4", description="TRANSFER ANNA", provider=f"{DAY:%Y%m%d}0001"), 1)]
    late = a_row(amount="-4", description="COFFEE", provider=f"{DAY:%Y%m%d}0001")
    shifted = a_row(amount="-4", description="TRANSFER ANNA SMITH", provider=f"{DAY:%Y%m%d}0002", position=1)

    found = match([late, shifted], stored)

    assert texts_of(found) == {"TRANSFER ANNA": "TRANSFER ANNA SMITH"}


def test_one_shifted_id_disqualifies_the_other_ids_of_its_day_as_evidence() -> None:
    stored = [
        as_stored(a_row(amount="-4", description="ANNA", provider="1"), 1),
        as_stored(a_row(amount="-9", description="BUS", provider="2"), 2),
    ]
    answer = [
        a_row(amount="-7", description="COFFEE", provider="1"),
        a_row(amount="-4", description="ANNA", provider="2"),
        a_row(amount="-9", description="BUS TICKET", provider="3"),
    ]

    found = match(answer, stored)

    assert texts_of(found) == {"ANNA": "ANNA", "BUS": "BUS TICKET"}
    assert found.new == [answer[0]]


def test_a_stable_id_still_identifies_a_row_with_corrected_text_and_amount() -> None:
    stored = [as_stored(a_row(normalised="n1"), 1), as_stored(a_row(amount="-8", normalised="n2"), 2)]

    found = match([a_row(normalised="n1"), a_row(amount="-9", description="TIP", normalised="n2")], stored)

    assert (found.new, found.missing) == ([], [])


def test_two_equal_payments_with_completed_texts_stay_two() -> None:
    stored = [as_stored(a_row(description="CARD 1234"), 1), as_stored(a_row(description="CARD 1234 REF 2"), 2)]

    found = match([a_row(description="COFFEE HOUSE"), a_row(description="BUS")], stored)

    assert (found.new, found.missing) == ([], [])


def test_which_is_which_is_a_guess_only_where_texts_of_several_payments_changed_at_once() -> None:
    first, second = as_stored(a_row(description="CARD 1"), 1), as_stored(a_row(description="CARD 2"), 2)

    both = match([a_row(description="SHOP"), a_row(description="BUS")], [first, second])
    one = match([a_row(description="SHOP"), a_row(description="CARD 2")], [first, second])
    by_words = match([a_row(description="SHOP 1"), a_row(description="SHOP 2")], [first, second])
    either = match([a_row(description="SHOP")], [first, second])
    twins = match(
        [a_row(description="SHOP"), a_row(description="SHOP")],
        [as_stored(a_row(description="CARD"), number) for number in (1, 2)],
    )

    assert [pair.is_guess for pair in both.matches] == [True, True]
    assert [pair.is_guess for pair in one.matches] == [False, False]
    assert [pair.is_guess for pair in by_words.matches] == [False, False]
    assert [pair.is_guess for pair in either.matches] == [True]
    assert [pair.is_guess for pair in twins.matches] == [False, False]


def test_a_third_payment_of_that_amount_is_new_and_a_lost_one_is_missing() -> None:
    stored = [as_stored(a_row(description=f"CARD {number}"), number) for number in (1, 2)]

    more = match([a_row(description=text) for text in ("SHOP", "CARD 2 LTD", "BUS")], stored)
    fewer = match([a_row(description="CARD 2 LTD")], stored)

    assert (len(more.new), more.missing) == (1, [])
    assert texts_of(more)["CARD 2"] == "CARD 2 LTD"
    assert texts_of(fewer) == {"CARD 2": "CARD 2 LTD"}
    assert [row.id for row in fewer.missing] == [1]


def test_different_ids_of_a_bank_that_keeps_its_ids_are_different_payments() -> None:
    other = as_stored(a_row(amount="-8", provider="p9"), 9)
    vanished = as_stored(a_row(description="CARD", provider="p1"), 1)

    found = match([a_row(amount="-8", provider="p9"), a_row(description="BUS", provider="p2")], [other, vanished])

    assert [row.description for row in found.new] == ["BUS"]
    assert [row.id for row in found.missing] == [1]


def test_a_row_without_stable_ids_that_is_now_dated_later_is_the_same_row() -> None:
    stored = as_stored(a_row(DAY, description="HARDWARE", provider="a"), 1)

    found = match([a_row(DAY + timedelta(days=1), description="HARDWARE", provider="b")], [stored])

    assert [pair.kind for pair in found.matches] == [MatchKind.MOVED]
    assert (found.new, found.missing) == ([], [])


def test_twins_that_moved_together_stay_two() -> None:
    stored = [as_stored(a_row(), 1), as_stored(a_row(), 2)]

    found = match([a_row(DAY + timedelta(days=2)), a_row(DAY + timedelta(days=2))], stored)

    assert (found.new, found.missing) == ([], [])


def test_an_ambiguous_moved_row_goes_to_review() -> None:
    stored = [as_stored(a_row(DAY), 1), as_stored(a_row(DAY + timedelta(days=1)), 2)]

    found = match([a_row(DAY + timedelta(days=2))], stored)

    assert len(found.new) == 1
    assert [row.id for row in found.missing] == [1, 2]


def test_next_weeks_payment_is_not_last_weeks_payment_moved() -> None:
    found = match([a_row(DAY + timedelta(days=5))], [as_stored(a_row(DAY), 1)])

    assert len(found.new) == len(found.missing) == 1


@dataclass
class Payment:
    """What happened: its day, how far the bank moves it later, and whether its text is completed later."""

    day: int
    pence: int
    text: str
    completed: str
    moves: int
    since: int


@dataclass
class Bank:
    """Lists its payments at each call; from the second call on some are late, completed or moved."""

    payments: list[Payment]
    ids: str
    calls: int = 0

    def answer(self) -> list[NewTransaction]:
        self.calls += 1
        is_later = self.calls > 1
        known = [(n, p) for n, p in enumerate(self.payments) if p.since < self.calls]
        known.sort(key=lambda item: item[1].day + (item[1].moves if is_later else 0))
        rows: list[NewTransaction] = []
        places: Counter[date] = Counter()
        for number, payment in known:
            day = DAY + timedelta(days=payment.day + (payment.moves if is_later else 0))
            places[day] += 1
            ids: dict[str, Any] = {
                "stable": {"normalised": f"n{number}"},
                "churned": {"provider": f"{self.calls}:{number}", "transaction_id": f"{self.calls}-{number}"},
                "positional": {"provider": f"{day}-{places[day]}"},
                "counted": {"provider": f"{len(rows)}"},
                "reused": {"provider": f"{number % 3}"},
                "absent": {},
            }[self.ids]
            text = payment.completed if is_later else payment.text
            amount = str(Decimal(payment.pence).scaleb(-2))
            rows.append(a_row(day, amount, text, position=len(rows), **ids))
        mark_repeats(rows)
        return rows


@dataclass
class Store:
    """The stored rows, kept by the same rules as in the database."""

    rows: dict[int, StoredRow] = field(default_factory=dict)

    def take(self, fetched: list[NewTransaction]) -> Matching:
        found = match_rows(fetched, list(self.rows.values()), covered_from=DAY - MONTH, covered_to=DAY + MONTH)
        for pair in found.matches:
            self.rows[pair.stored.id] = as_stored(pair.fetched, pair.stored.id, key=pair.stored.dedupe_key)
        keys = dedupe_keys(found.new, [row.dedupe_key for row in self.rows.values()])
        for row, key in zip(found.new, keys, strict=True):
            self.rows[len(self.rows) + 1] = as_stored(row, len(self.rows) + 1, key=key)
        return found


Row = NewTransaction | StoredRow


def multiset(rows: list[NewTransaction] | list[StoredRow]) -> Counter[tuple[date, Decimal, str]]:
    return Counter(_content(row) for row in rows)


def _content(row: Row) -> tuple[date, Decimal, str]:
    return row.date, row.amount, row.description


IDS = st.sampled_from(("stable", "churned", "positional", "counted", "reused", "absent"))
TEXTS = st.sampled_from(("COFFEE", "BUS", "CARD 12"))
AMOUNTS = st.sampled_from((-350, -350, -1200, 5000))


def payments(*, completes: bool, moves: bool) -> st.SearchStrategy[list[Payment]]:
    @st.composite
    def one(draw: st.DrawFn) -> Payment:
        text = draw(TEXTS)
        completed = draw(st.sampled_from((text, text + " LTD 7", "SHOP"))) if completes else text
        moved = draw(st.sampled_from((0, 0, 0, 1, 3))) if moves else 0
        return Payment(draw(st.integers(0, 9)), draw(AMOUNTS), text, completed, moved, draw(st.sampled_from((0, 0, 1))))

    return st.lists(one(), max_size=14)


# The third coffee gets the number that the row of another week had, whose text is completed at the same time.
@example(
    [Payment(0, -350, "COFFEE", "COFFEE", 0, since) for since in (0, 0, 1)]
    + [Payment(8, -350, "COFFEE", "COFFEE LTD 7", 0, 0)],
    "counted",
)
@settings(max_examples=150, deadline=None)
@given(payments(completes=True, moves=False), IDS)
def test_completed_texts_late_rows_and_any_ids_neither_duplicate_nor_lose_rows(
    happened: list[Payment], ids: str
) -> None:
    bank, store = Bank(happened, ids), Store()
    for _ in range(3):
        before = dict(store.rows)
        answer = bank.answer()
        found = store.take(answer)

        assert found.missing == []
        refused = {id(row) for row in found.repeats}
        answer = [row for row in answer if id(row) not in refused]
        assert multiset(list(store.rows.values())) == multiset(answer)
        # No id outweighs an equal text: a row whose text occurs on both sides keeps it.
        unchanged = sum(_content(pair.fetched) == _content(before[pair.stored.id]) for pair in found.matches)
        assert unchanged == (multiset(list(before.values())) & multiset(answer)).total()


@settings(max_examples=150, deadline=None)
@given(payments(completes=False, moves=True), IDS)
def test_unambiguous_moved_rows_are_not_duplicated_and_others_go_to_review(happened: list[Payment], ids: str) -> None:
    bank, store = Bank(happened, ids), Store()
    store.take(bank.answer())
    answer = bank.answer()

    found = store.take(answer)

    reported = {row.id for row in found.missing}
    answer = [row for row in answer if row.repeat_of is None]
    assert multiset([row for row in store.rows.values() if row.id not in reported]) == multiset(answer)
    for row in found.missing:
        # It was not matched with another row only because a third row was a candidate too.
        alike = [p for p in happened if (Decimal(p.pence).scaleb(-2), p.text) == (row.amount, row.description)]
        near = [p for p in alike if abs(DAY + timedelta(days=p.day) - row.date) <= 2 * FURTHEST_MOVE_BY_TEXT]
        assert len(near) > 1


@settings(max_examples=150, deadline=None)
@given(payments(completes=False, moves=False), IDS, st.integers(0, 13), st.integers(1, 14), st.booleans())
def test_a_repeated_block_is_stored_once_or_flagged_and_a_clean_answer_corrects_it(
    happened: list[Payment], ids: str, start: int, length: int, is_clean_first: bool
) -> None:
    for payment in happened:
        payment.since = 0
    bank, store = Bank(happened, ids), Store()
    clean = bank.answer()
    true = multiset([row for row in clean if row.repeat_of is None])
    if is_clean_first:
        store.take(clean)
        assert multiset(list(store.rows.values())) == true
    rows = bank.answer()
    block = rows[start : start + length]
    answer = [
        copied(row, position) for position, row in enumerate(rows[: start + length] + block + rows[start + length :])
    ]
    mark_repeats(answer)

    store.take(answer)

    is_flagged = any(REPEATED_BLOCK in row.flags for row in answer)
    stored = multiset(list(store.rows.values()))
    different = {(row.date, row.description, row.amount, row.provider_transaction_id) for row in block}
    if len({row.date for row in block}) > 1 and len(different) > 1:
        assert stored - true == Counter()
    if not is_flagged and not is_clean_first:
        assert stored == multiset([row for row in answer if row.repeat_of is None])
    assert true - stored == Counter() or is_flagged

    store.take(bank.answer())

    missing_nothing = multiset(list(store.rows.values()))
    assert true - missing_nothing == Counter()


def copied(row: NewTransaction, position: int) -> NewTransaction:
    return a_row(
        row.date,
        str(row.amount),
        row.description,
        position=position,
        transaction_id=row.transaction_id,
        provider=row.provider_transaction_id,
        normalised=row.normalised_provider_transaction_id,
    )


def test_a_doubtful_repeat_is_real_if_the_record_has_both_rows() -> None:
    rows = [a_row(DAY + timedelta(days=day), position=place) for place, day in enumerate((0, 1, 0, 1))]
    stored = [as_stored(copied(row, 0), number) for number, row in enumerate(rows)]

    found = match(rows, stored)

    assert (found.new, found.repeats, found.missing) == ([], [], [])
    assert {row.flags for row in rows} == {(REPEATED_BLOCK, DOUBTFUL)}
