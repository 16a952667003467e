"""How long to wait after which failure."""

from datetime import UTC, datetime, timedelta

import pytest

from bankimport.imports.models import AccountImport, AccountStatus, JobStatus
from bankimport.imports.run.job_status import (
    AccountState,
    Work,
    estimated_completion,
    job_status_of,
    work_of_job,
)
from bankimport.imports.run.retry import GiveUp, Wait, decide_retry
from bankimport.truelayer.errors import (
    AccessDenied,
    BankUnavailable,
    ConsentExpired,
    DailyAllowanceSpent,
    InvalidClient,
    RateLimited,
    ScaExceeded,
    TrueLayerError,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 60), (2, 300), (3, 900)])
def test_waits_grow_with_each_attempt(attempt: int, seconds: int) -> None:
    assert decide_retry(BankUnavailable("down"), attempt, NOW, 0.0) == Wait(NOW + timedelta(seconds=seconds))


def test_the_fourth_failure_is_final() -> None:
    assert isinstance(decide_retry(BankUnavailable("down"), 4, NOW, 0.0), GiveUp)


def test_waits_are_spread_but_never_shorter() -> None:
    decided = decide_retry(BankUnavailable("down"), 1, NOW, 1.0)

    assert decided == Wait(NOW + timedelta(seconds=72))


def test_the_banks_own_retry_time_is_respected() -> None:
    assert decide_retry(RateLimited("slow down", retry_after_s=600), 1, NOW, 0.0) == Wait(NOW + timedelta(seconds=600))


def test_a_used_up_allowance_waits_for_the_next_day() -> None:
    decided = decide_retry(DailyAllowanceSpent("enough"), 4, NOW, 0.5)

    assert decided == Wait(datetime(2026, 11, 25, 0, 5, tzinfo=UTC))


@pytest.mark.parametrize("error", [AccessDenied("no"), ConsentExpired("gone"), InvalidClient("who"), ScaExceeded("no")])
def test_errors_that_only_a_person_can_fix_are_not_retried(error: TrueLayerError) -> None:
    assert isinstance(decide_retry(error, 1, NOW, 0.0), GiveUp)


def accounts_of(words: str) -> list[AccountState]:
    """Account states written as words; * means paused, + means that an attempt was made."""
    return [AccountState(AccountStatus(word.strip("*+")), "*" in word, "+" in word) for word in words.split()]


@pytest.mark.parametrize(
    ("accounts", "wish", "expected"),
    [
        ("pending pending", "", "queued"),
        ("pending completed+", "", "running"),
        ("syncing+ failed+", "", "running"),
        ("waiting+ completed+", "", "waiting"),
        ("waiting+ syncing+", "", "running"),
        ("completed+ completed+", "", "completed"),
        ("completed+ failed+", "", "partly_failed"),
        ("failed+ failed+", "", "failed"),
        ("syncing+ pending", "paused", "pausing"),
        ("pending+ pending", "paused", "paused"),
        ("waiting+ completed+", "paused", "paused"),
        ("completed+ completed+", "paused", "completed"),
        ("pending* completed+", "", "paused"),
        ("pending* waiting+", "", "waiting"),
        ("pending* syncing+", "", "running"),
        ("cancelled completed+", "cancelled", "cancelled"),
        ("cancelled completed+", "", "completed"),
        ("cancelled failed+ completed+", "", "partly_failed"),
        ("cancelled cancelled", "", "cancelled"),
    ],
)
def test_a_jobs_status_follows_from_its_accounts_and_what_the_user_wants(
    accounts: str, wish: str, expected: str
) -> None:
    status = job_status_of(accounts_of(accounts), is_paused=wish == "paused", is_cancelled=wish == "cancelled")

    assert status is JobStatus(expected)


def test_percent_is_work_done_and_a_hundred_means_completed() -> None:
    assert Work(100, 0, 100, is_completed=False).percent == 99
    assert Work(1, 0, 100, is_completed=True).percent == 100
    assert Work(0, 0, 0, is_completed=False).percent == 0
    assert Work(21, 79, 100, is_completed=False).percent == 21


def an_account(status: AccountStatus, days_done: int) -> AccountImport:
    return AccountImport(status=status, days_done=days_done, days_refused=0, days_total=100)


def test_the_percent_of_a_job_does_not_count_what_failed_or_was_cancelled() -> None:
    ended = [an_account(AccountStatus.COMPLETED, 90), an_account(AccountStatus.FAILED, 30)]

    assert work_of_job([*ended, an_account(AccountStatus.CANCELLED, 0)]).percent == 43
    assert work_of_job([an_account(AccountStatus.FAILED, 0)]).percent == 0
    assert work_of_job([an_account(AccountStatus.COMPLETED, 90)]).percent == 100


def ends(work: Work, rows: int, *, waiting_until: datetime | None = None) -> datetime | None:
    return estimated_completion(work, rows, 200, 60, timedelta(seconds=10), NOW, waiting_until)


def test_the_estimate_counts_a_known_wait() -> None:
    half = Work(50, 0, 100, is_completed=False)

    assert ends(half, 100) == NOW + timedelta(seconds=10)
    later = NOW + timedelta(minutes=5)
    assert ends(half, 100, waiting_until=later) == later + timedelta(seconds=10)
    assert ends(Work(0, 0, 100, is_completed=False), 0) is None


def test_days_without_rows_are_not_taken_for_progress() -> None:
    mostly_empty = Work(80, 0, 100, is_completed=False)

    assert ends(mostly_empty, 20) == NOW + timedelta(seconds=90)
    assert ends(mostly_empty, 0) == NOW + timedelta(seconds=50)
    assert ends(Work(100, 0, 100, is_completed=False), 20) == NOW


def test_refused_days_are_settled_for_the_estimate() -> None:
    assert ends(Work(25, 50, 100, is_completed=False), 200) == NOW + timedelta(seconds=10) / 3
