"""The expected rows of a running import follow its answers, and the range is honest and narrows to the truth."""

from hypothesis import given
from hypothesis import strategies as st

from bankimport.accounts.models import AccountKind
from bankimport.imports.plan.estimate import Range, rows_of_account
from bankimport.imports.plan.expected import SoFar, expected_rows


def test_before_any_answer_the_plan_counts_and_the_range_is_wide() -> None:
    assert expected_rows([SoFar(0, 0, 100, 100), SoFar(0, 0, 300, 300)], 400) == Range(0, 400, 1600)


def test_the_first_answer_corrects_its_account_and_the_ones_without_an_answer() -> None:
    planned = 2500
    accounts = [SoFar(36, 90, 270, 360), SoFar(0, 0, 360, 360)]

    found = expected_rows(accounts, planned)

    assert found == Range(36, 288, 558), "0.4 rows a day, where the plan had expected 3.5"


def test_years_before_an_account_existed_do_not_mean_that_no_row_will_come() -> None:
    assert expected_rows([SoFar(0, 240, 120, 360)], 720) == Range(0, 240, 960)
    assert expected_rows([SoFar(0, 240, 120, 360), SoFar(0, 0, 360, 360)], 720) == Range(0, 480, 1920)


def test_an_ended_import_expects_exactly_what_it_brought() -> None:
    assert expected_rows([SoFar(70, 100, 0, 100), SoFar(5, 20, 0, 100)], 5000) == Range(75, 75, 75)


def test_rows_of_an_unfinished_answer_are_not_expected_twice() -> None:
    assert expected_rows([SoFar(90, 0, 100, 100)], 100) == Range(90, 100, 130)


@given(
    st.floats(0.1, 20),
    st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 1000)), min_size=1),
    st.integers(0, 9999),
)
def test_an_even_account_is_in_its_range_from_its_first_answer_on(
    rate: float, days: list[tuple[int, int]], planned: int
) -> None:
    accounts = [SoFar(round(rate * (done + 1)), done + 1, left, done + 1 + left) for done, left in days]
    truth = sum(rate * account.days_total for account in accounts)

    found = expected_rows(accounts, planned)

    assert found.low <= truth + len(accounts)
    assert found.high >= sum(
        account.rows + account.days_open * account.rows / account.days_answered for account in accounts
    )
    assert found.low <= found.expected <= found.high


def test_the_first_plan_of_a_new_bank_spans_quiet_and_busy_accounts() -> None:
    found = rows_of_account(AccountKind.ACCOUNT, 2190, 730, 2190, None, None)

    assert found.low < 730 * 0.7
    assert found.high > 2190 * 8
    assert found.low < found.expected < found.high


def test_a_known_account_has_a_narrow_range_and_a_known_bank_a_wider_one() -> None:
    own = rows_of_account(AccountKind.ACCOUNT, 100, 100, 100, 2.0, 9.0)
    bank = rows_of_account(AccountKind.ACCOUNT, 100, 100, 100, None, 2.0)

    assert own.expected == bank.expected == 200
    assert bank.low < own.low < own.high < bank.high
