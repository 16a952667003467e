"""Which fetched row is which stored row: twins, drifting and reused ids, moved and amended rows, and any replay."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.support.steps.rows import a_row, as_stored

from bankimport.imports.answers.normalise import NewTransaction
from bankimport.imports.answers.repeats import mark_repeats
from bankimport.imports.match.match import dedupe_keys, match_pending, match_rows
from bankimport.imports.match.pairing import Matching, MatchKind, StoredRow

DAY = date(2026, 3, 5)


def match(fetched: list[NewTransaction], stored: list[StoredRow]) -> Matching:
    mark_repeats(fetched)
    return match_rows(fetched, stored, covered_from=DAY - timedelta(days=30), covered_to=DAY + timedelta(days=30))


def test_two_equal_payments_are_two_rows_and_stay_two() -> None:
    twins = [a_row(position=0), a_row(position=1)]
    first = match(twins, [])
    assert len(first.new) == 2
    assert len(set(dedupe_keys(first.new, ()))) == 2

    again = match(twins, [as_stored(row, number) for number, row in enumerate(twins)])

    assert again.new == []
    assert len(again.matches) == 2


def test_a_payment_in_another_currency_is_another_payment() -> None:
    stored = as_stored(a_row(), 1)

    found = match([msgspec.structs.replace(a_row(), currency="EUR")], [stored])

    assert [row.currency for row in found.new] == ["EUR"]
    assert [row.id for row in found.missing] == [1]


def test_a_third_equal_payment_is_one_new_row() -> None:
    stored = [as_stored(a_row(), 1, key="c:x#1"), as_stored(a_row(), 2, key="c:x#2")]

    found = match([a_row(position=number) for number in range(3)], stored)

    assert len(found.new) == 1


def test_a_payment_whose_ids_all_changed_is_one_row() -> None:
    stored = as_stored(a_row(transaction_id="a", provider="p1"), 1)

    found = match([a_row(transaction_id="b", provider="p2")], [stored])

    assert found.new == []
    assert found.matches[0].changes_anything


def test_a_reused_id_does_not_swallow_another_payment() -> None:
    stored = as_stored(a_row(provider="0001"), 1)

    found = match([a_row(provider="0001"), a_row(DAY, "-99.00", "RENT", provider="0001")], [stored])

    assert [row.description for row in found.new] == ["RENT"]
    assert [pair.kind for pair in found.matches] == [MatchKind.SAME]


def test_a_reused_id_does_not_turn_last_weeks_payment_into_this_weeks() -> None:
    stored = as_stored(a_row(DAY - timedelta(days=20), provider="0001"), 1)

    found = match([a_row(provider="0001")], [stored])

    assert len(found.new) == 1
    assert [row.id for row in found.missing] == [1]


def test_a_row_that_the_bank_moved_by_a_day_is_the_same_row() -> None:
    stored = as_stored(a_row(normalised="n1"), 1)

    found = match([a_row(DAY + timedelta(days=1), normalised="n1")], [stored])

    assert [pair.kind for pair in found.matches] == [MatchKind.MOVED]
    assert found.new == []
    assert found.missing == []


def test_a_row_whose_old_day_was_not_requested_does_not_count_as_moved() -> None:
    stored = as_stored(a_row(normalised="n1"), 1)
    moved = a_row(DAY + timedelta(days=1), normalised="n1")

    found = match_rows([moved], [stored], covered_from=DAY + timedelta(days=1), covered_to=DAY + timedelta(days=3))

    assert len(found.new) == 1


def test_an_amount_that_the_bank_corrected_changes_the_row_in_place() -> None:
    stored = as_stored(a_row(normalised="n1"), 1)

    found = match([a_row(amount="-3.60", normalised="n1")], [stored])

    assert [pair.kind for pair in found.matches] == [MatchKind.AMENDED]


def test_a_reworded_row_of_a_bank_without_ids_stays_one_row() -> None:
    stored = as_stored(a_row(description="PENDING COFFEE"), 1)

    found = match([a_row(description="COFFEE BAR LTD")], [stored])

    assert [pair.kind for pair in found.matches] == [MatchKind.AMENDED]


def test_a_row_sent_twice_under_one_stable_id_is_one_row() -> None:
    found = match([a_row(normalised="n1"), a_row(position=1, normalised="n1")], [])

    assert len(found.new) == 1
    assert len(found.repeats) == 1


def test_twins_of_a_bank_without_stable_ids_are_never_called_repeats() -> None:
    found = match([a_row(transaction_id="same"), a_row(position=1, transaction_id="same")], [])

    assert len(found.new) == 2
    assert found.repeats == []


def test_a_row_that_the_bank_no_longer_lists_is_reported_and_kept() -> None:
    found = match([], [as_stored(a_row(), 1)])

    assert [row.id for row in found.missing] == [1]


def test_a_pending_row_that_is_booked_with_its_id_is_the_same_row() -> None:
    pending = as_stored(a_row(DAY - timedelta(days=2), normalised="n1"), 1, is_pending=True)

    found = match([a_row(normalised="n1")], [pending])

    assert [pair.kind for pair in found.matches] == [MatchKind.BOOKED]
    assert found.new == []


def test_a_pending_row_that_is_booked_with_new_ids_is_the_same_row_if_unambiguous() -> None:
    pending = as_stored(a_row(DAY - timedelta(days=2), normalised="n1"), 1, is_pending=True)
    booked = a_row(normalised="n2")

    found = match([booked], [pending])
    assert [(item.stored.id, item.kind) for item in found.matches] == [(1, MatchKind.BOOKED)]
    assert found.new == []
    twin = as_stored(a_row(DAY - timedelta(days=1), normalised="n3"), 2, is_pending=True)
    later = as_stored(a_row(DAY + timedelta(days=1), normalised="n1"), 1, is_pending=True)
    old = as_stored(a_row(DAY - timedelta(days=8), normalised="n1"), 1, is_pending=True)
    for others in ([pending, twin], [later], [old], [as_stored(a_row(amount="-3.51"), 1, is_pending=True)]):
        assert match([booked], others).new == [booked]
    two = [booked, a_row(normalised="n4", position=1)]
    assert match(two, [pending]).new == two
    assert match([a_row(description="", normalised="n2")], [as_stored(a_row(description=""), 1, is_pending=True)]).new


def test_a_pending_row_already_booked_is_not_stored_again() -> None:
    booked = as_stored(a_row(normalised="n1"), 1)

    found = match_pending([a_row(normalised="n1"), a_row(position=1, normalised="n2")], [], [booked])

    assert [row.normalised_provider_transaction_id for row in found.new] == ["n2"]


def test_keys_number_equal_rows_and_avoid_taken_ones() -> None:
    rows = [a_row(), a_row(position=1), a_row(amount="-9")]

    keys = dedupe_keys(rows, ())
    more = dedupe_keys([a_row()], keys)

    assert len({*keys, *more}) == 4
    assert keys[0].removesuffix("#1") == keys[1].removesuffix("#2")


@dataclass
class Bank:
    """Payments as they happened, listed each time as this kind of bank does."""

    payments: list[tuple[int, int, str]]
    ids: str
    calls: int = 0

    def answer(self, first: int, last: int, newest_first: bool) -> list[NewTransaction]:
        self.calls += 1
        rows = []
        for number, (day, pence, text) in enumerate(self.payments):
            if not first <= day <= last:
                continue
            stable = f"n{number}"
            rows.append(
                a_row(
                    DAY + timedelta(days=day),
                    str(Decimal(pence).scaleb(-2)),
                    text,
                    transaction_id=f"{self.calls}-{number}" if self.ids != "equal" else f"{day}-{pence}-{text}",
                    provider={
                        "stable": stable,
                        "drifting": f"{self.calls}:{number}",
                        "reused": f"{number % 3}",
                        "none": None,
                        "equal": None,
                    }[self.ids],
                    normalised=stable if self.ids == "stable" else None,
                    at=time(),
                )
            )
        rows.sort(key=lambda row: row.date, reverse=newest_first)
        for position, row in enumerate(rows):
            row.position = position
        mark_repeats(rows)
        return rows


@dataclass
class Store:
    """The stored rows, kept by the same rules as in the database."""

    rows: dict[int, StoredRow] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)

    def take(self, fetched: list[NewTransaction], first: int, last: int, margin: int) -> None:
        days = (DAY + timedelta(days=first), DAY + timedelta(days=last))
        requested = (DAY + timedelta(days=first - margin), DAY + timedelta(days=last + margin))
        found = match_rows(fetched, list(self.rows.values()), covered_from=requested[0], covered_to=requested[1])
        for pair in found.matches:
            self.rows[pair.stored.id] = as_stored(pair.fetched, pair.stored.id, key=pair.stored.dedupe_key)
        new = [row for row in found.new if days[0] <= row.date <= days[1]]
        for row, key in zip(new, dedupe_keys(new, self.keys), strict=True):
            assert key not in self.keys
            self.keys.add(key)
            row_id = len(self.rows) + 1
            self.rows[row_id] = as_stored(row, row_id, key=key)


PAYMENTS = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from((-350, -350, -1200, 5000)), st.sampled_from(("COFFEE", "RENT"))),
    max_size=30,
)
WINDOWS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.booleans()), min_size=1, max_size=8)


@given(
    payments=PAYMENTS,
    windows=WINDOWS,
    ids=st.sampled_from(("stable", "drifting", "reused", "none", "equal")),
    margin=st.integers(0, 3),
)
def test_after_any_replay_the_stored_rows_are_the_payments(
    payments: list[tuple[int, int, str]], windows: list[tuple[int, int, bool]], ids: str, margin: int
) -> None:
    bank, store = Bank(payments, ids), Store()
    asked_days: set[int] = set()

    for one, other, newest_first in windows:
        first, last = min(one, other), max(one, other)
        store.take(bank.answer(first - margin, last + margin, newest_first), first, last, margin)
        asked_days.update(range(first, last + 1))

    stored = Counter((row.date, row.amount, row.description) for row in store.rows.values())
    happened = Counter(
        (DAY + timedelta(days=day), Decimal(pence).scaleb(-2), text)
        for day, pence, text in payments
        if day in asked_days
    )
    assert stored == happened


def test_a_still_listed_pending_row_booked_with_new_ids_matches_its_booked_twin() -> None:
    booked = as_stored(a_row(DAY, normalised="book-1"), 1)
    listed = a_row(DAY - timedelta(days=1), normalised="pend-1")

    found = match_pending([listed], [], [booked])

    assert (found.new, found.repeats, found.still_pending) == ([], [listed], [booked])


def test_a_pending_row_is_shown_if_it_may_be_another_payment() -> None:
    booked = as_stored(a_row(DAY, provider="CARD-1"), 1)
    others = [
        a_row(DAY + timedelta(days=1), provider="CARD-1"),
        a_row(DAY, "-3.60", provider="CARD-1"),
        a_row(DAY, description="TEA", provider="CARD-2"),
        a_row(DAY - timedelta(days=8), provider="CARD-1"),
    ]
    for row in others:
        assert match_pending([row], [], [booked]).new == [row]
    twins = [as_stored(a_row(DAY, provider="CARD-1"), number) for number in (1, 2)]
    assert match_pending([a_row(DAY, provider="CARD-1")], [], twins).new
    at_eight = as_stored(a_row(DAY, provider="CARD-1", at=time(8)), 1)
    assert match_pending([a_row(DAY, provider="CARD-1", at=time(17))], [], [at_eight]).new


def test_a_row_that_was_already_pending_stays_pending_next_to_an_equal_booked_one() -> None:
    pending = as_stored(a_row(normalised="second"), 2, is_pending=True)
    booked = as_stored(a_row(normalised="first"), 1)

    found = match_pending([a_row(normalised="second")], [pending], [booked])

    assert ([pair.stored.id for pair in found.matches], found.still_pending) == ([2], [])


def test_equal_pending_rows_of_one_day_become_as_many_booked_rows() -> None:
    pending = [
        as_stored(a_row(DAY - timedelta(days=1), normalised=f"p{number}"), number, is_pending=True) for number in (1, 2)
    ]
    booked = [a_row(normalised="b1"), a_row(position=1, normalised="b2")]

    both, one = match(booked, pending), match(booked[:1], pending)

    assert [(pair.stored.id, pair.kind, pair.is_guess) for pair in both.matches] == [
        (1, MatchKind.BOOKED, False),
        (2, MatchKind.BOOKED, False),
    ]
    assert [(pair.stored.id, pair.is_guess) for pair in one.matches] == [(1, True)]
    assert (both.new, one.new) == ([], [])
    still = [a_row(DAY - timedelta(days=1), normalised=f"p{number}") for number in (1, 2)]
    listed = match_pending(still, [], [as_stored(row, number) for number, row in enumerate(booked)])
    assert (listed.new, len(listed.still_pending)) == ([], 2)
    assert match_pending([*still, still[0]], [], [as_stored(row, number) for number, row in enumerate(booked)]).new
