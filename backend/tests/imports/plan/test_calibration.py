"""Estimates learn from the results of earlier ones, stay ranges, and never learn from their own corrections."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from tests.support.steps.imports import plan, run_import
from tests.support.steps.installation import Installation

from bankimport.clock import utc_now, utc_today
from bankimport.db.session import session_scope
from bankimport.imports.plan.calibration import LEAST_EVIDENCE, Outcome, corrected, learn, mean_error
from bankimport.imports.plan.estimate import Range
from bankimport.imports.plan.past_imports import lessons_of_bank

outcomes = st.lists(st.builds(Outcome, st.integers(0, 500), st.integers(0, 500), st.integers(0, 5000)), max_size=60)
ranges = (
    st.tuples(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 1000)).map(sorted).map(lambda t: Range(*t))
)


@given(outcomes, ranges)
def test_a_corrected_estimate_is_still_a_range(past: list[Outcome], base: Range) -> None:
    after = corrected(base, learn(past))

    assert 0 <= after.low <= after.expected <= after.high


def test_too_little_evidence_changes_nothing() -> None:
    base = Range(1, 2, 3)

    assert learn([Outcome(10, 10, 20)] * (LEAST_EVIDENCE - 1)) is None
    assert corrected(base, None) == base


def test_the_middle_corrects_and_the_edges_become_the_range() -> None:
    outcomes = [Outcome(base=10, planned=10, actual=actual) for actual in (10, 20, 20, 20, 30)]

    lesson = learn(outcomes)

    assert lesson is not None
    assert (lesson.low, lesson.middle, lesson.high) == pytest.approx((1.4, 2.0, 2.6))
    assert lesson.imports == 5
    assert corrected(Range(5, 10, 15), lesson) == Range(low=14, expected=20, high=26)


def test_the_error_is_of_the_estimate_shown_to_the_user() -> None:
    assert mean_error([Outcome(10, 15, 20), Outcome(10, 20, 20)]) == pytest.approx(0.125)
    assert mean_error([Outcome(10, 15, 0)]) is None


def test_a_bank_that_needs_twice_the_calls_is_planned_with_twice_the_calls(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    first = plan(client, connection_id)
    for _ in range(LEAST_EVIDENCE):
        run_import(installation, client, connection_id, from_date=(utc_today() - timedelta(days=30)).isoformat())
    with session_scope() as session:
        before = lessons_of_bank(session, "sim-plain", utc_now() - timedelta(days=1))
        assert before.api_calls is not None
        assert before.api_calls.middle == 1.0
        session.execute(
            text(
                "INSERT INTO bank_api_calls (user_id, connection_id, account_id, job_id, bank_id, endpoint, attended, "
                "called_at) SELECT user_id, connection_id, account_id, job_id, bank_id, endpoint, true, called_at "
                "FROM bank_api_calls WHERE job_id IS NOT NULL"
            )
        )

    second = plan(client, connection_id)

    assert first["learned_from_imports"] == 0
    assert second["learned_from_imports"] == LEAST_EVIDENCE
    assert second["api_calls"] == 2 * first["api_calls"]
    assert second["base"]["api_calls"] == first["base"]["api_calls"], "what was learned is not learned from"


def test_a_new_account_is_estimated_from_the_other_accounts_of_its_bank(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-accounts-only")
    accounts = client.get(f"/api/truelayer/connections/{connection_id}/accounts").json()["accounts"]
    imported, new = (row["account_id"] for row in accounts)
    before = plan(client, connection_id, account_ids=[new])
    run_import(installation, client, connection_id, account_ids=[imported])

    after = plan(client, connection_id, account_ids=[new])

    width = [
        item["estimated_range"]["transactions"]["high"] / item["estimated_range"]["transactions"]["low"]
        for item in (before, after)
    ]
    assert width[1] < width[0]
