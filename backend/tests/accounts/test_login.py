"""Which login a consent belongs to, by the accounts that it lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bankimport.accounts.login import OldConsent, Verdict, compare_login

OVER = OldConsent(is_over=True)
ACCOUNTS = st.frozensets(st.integers(0, 6))


@pytest.mark.parametrize(
    ("listed", "has_new", "mine", "old", "verdict"),
    [
        (set(), True, {1}, None, Verdict.OTHER),
        ({1}, False, {1}, None, Verdict.SAME),
        ({1}, True, {1}, None, Verdict.SAME),
        ({1}, True, {1, 2}, None, Verdict.ASK_OLD),
        # A joint account: the first login's own account is still listed by its own consent.
        ({1}, True, {1, 2}, OldConsent(is_over=False, lists=frozenset({1, 2})), Verdict.OTHER),
        ({1}, False, {1, 2}, OldConsent(is_over=False, lists=frozenset({1, 2})), Verdict.OTHER),
        # A closed account: nobody lists it any more.
        ({1}, False, {1, 2}, OldConsent(is_over=False, lists=frozenset({1})), Verdict.SAME),
        ({1}, False, {1, 2}, OVER, Verdict.SAME),
        ({1}, True, {1, 2}, OVER, Verdict.OTHER),
    ],
)
def test_whose_login(listed: set[int], has_new: bool, mine: set[int], old: OldConsent | None, verdict: Verdict) -> None:
    assert compare_login(listed, has_new=has_new, mine=mine, old=old) is verdict


@given(listed=ACCOUNTS, has_new=st.booleans(), mine=ACCOUNTS, still=ACCOUNTS)
def test_a_consent_never_replaces_one_that_reaches_more_accounts(
    listed: frozenset[int], has_new: bool, mine: frozenset[int], still: frozenset[int]
) -> None:
    old = OldConsent(is_over=False, lists=still)

    verdict = compare_login(listed, has_new=has_new, mine=mine, old=old)

    assert verdict is not Verdict.ASK_OLD
    if verdict is Verdict.SAME:
        assert listed & mine
        assert not (mine - listed) & still
