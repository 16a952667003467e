"""How long to wait after which failure."""

from datetime import UTC, datetime, timedelta

import pytest

from bankimport.imports.models import AccountStatus, JobStatus
from bankimport.imports.run.job_status import AccountState, estimated_completion, job_status_of, percent_of
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


def test_a_hundred_percent_means_finished() -> None:
    assert percent_of(100, 100, False) == 99
    assert percent_of(1, 100, True) == 100
    assert percent_of(0, 0, False) == 0


def test_the_estimate_counts_a_known_wait() -> None:
    started = NOW - timedelta(seconds=10)

    assert estimated_completion(started, 50, 100, NOW, None) == NOW + timedelta(seconds=10)
    later = NOW + timedelta(minutes=5)
    assert estimated_completion(started, 50, 100, NOW, later) == later + timedelta(seconds=10)
    assert estimated_completion(started, 0, 100, NOW, None) is None
