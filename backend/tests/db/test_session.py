"""Actions that wait for a commit."""

from contextlib import suppress

from sqlalchemy import select
from tests.support.steps.installation import Installation

from bankimport.clock import utc_now
from bankimport.db.session import after_commit, session_scope
from bankimport.observability.models import PeriodicRun


def test_an_action_that_fails_after_the_commit_stops_neither_the_caller_nor_the_other_actions(
    installation: Installation,
) -> None:
    ran: list[str] = []

    def fail() -> None:
        ran.append("failed")
        raise ConnectionError("the broker is away")

    with session_scope() as session:
        session.add(PeriodicRun(task="stored", last_run_at=utc_now()))
        after_commit(session, fail)
        after_commit(session, lambda: ran.append("second"))

    assert ran == ["failed", "second"]
    with session_scope() as session:
        assert session.scalars(select(PeriodicRun.task)).all() == ["stored"]


def test_a_rollback_drops_the_actions_waiting_for_the_commit(installation: Installation) -> None:
    ran: list[str] = []

    with suppress(ValueError), session_scope() as session:
        after_commit(session, lambda: ran.append("must not run"))
        raise ValueError("stop")

    assert ran == []
    assert not session.info
