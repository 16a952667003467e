"""Events on their way to followers: which are merged, and that nothing is lost."""

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select
from tests.support.steps.imports import start
from tests.support.steps.installation import Installation

from bankimport.db.session import get_engine, session_scope
from bankimport.imports.events import (
    EVENTS,
    AccountEvent,
    AccountFailed,
    AccountStarted,
    BatchStored,
    JobDiscarded,
    PendingReplaced,
    WindowCompleted,
)
from bankimport.imports.read.live import LIVE_IMPORTS
from bankimport.realtime.event_log import Recorded
from bankimport.realtime.folding import folded
from bankimport.users.models import User

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TYPES: list[type[AccountEvent]] = [BatchStored, WindowCompleted, PendingReplaced, AccountStarted, AccountFailed]
NUMBERS = {name: 0 for model in TYPES for name in model.model_fields} | {
    "first": date(2026, 3, 1),
    "last": date(2026, 3, 2),
    "error_code": None,
    "message": None,
    "next_attempt_at": None,
}


def an_event(number: int, model: type[AccountEvent] = BatchStored, account: int = 1) -> Recorded[AccountEvent]:
    fields = {name: NUMBERS[name] for name in model.model_fields if name != "type"}
    return Recorded(number, 5, NOW, model.model_validate({**fields, "account_id": account}))


def test_only_an_accounts_newest_batch_is_sent_and_covers_the_others() -> None:
    sent = folded([an_event(4), an_event(5), an_event(6, account=2), an_event(7)], after=3)

    assert [(row.from_event_id, row.recorded.event_id, row.recorded.event.account_id) for row in sent] == [
        (4, 6, 2),
        (7, 7, 1),
    ]


def test_starts_ends_and_failures_are_all_sent() -> None:
    sent = folded([an_event(1, AccountStarted), an_event(2), an_event(3, AccountFailed), an_event(4)], after=0)

    assert [row.recorded.event.type for row in sent] == ["account_started", "account_failed", "batch_stored"]


@given(st.lists(st.tuples(st.sampled_from(TYPES), st.sampled_from([1, 2, 3])), max_size=40), st.integers(0, 40))
def test_every_number_is_covered_once_and_each_accounts_newest_event_is_sent(
    kinds: list[tuple[type[AccountEvent], int]], after: int
) -> None:
    events = [an_event(number, model, account) for number, (model, account) in enumerate(kinds, 1)]

    sent = folded(events, after)

    numbers = [row.recorded.event_id for row in sent]
    fresh = [item for item in events if item.event_id > after]
    covered = [number for row in sent for number in range(row.from_event_id, row.recorded.event_id + 1)]
    assert covered == [item.event_id for item in fresh]
    for account in (1, 2, 3):
        last = [item.event_id for item in fresh if item.event.account_id == account][-1:]
        assert set(last) <= set(numbers)
    others = [item.event_id for item in fresh if not item.event.is_running_total]
    assert [row.recorded.event_id for row in sent if not row.recorded.event.is_running_total] == others


def test_events_and_their_job_are_from_the_same_moment(installation: Installation) -> None:
    client = installation.signed_in()
    job_id = start(client, installation.connect(client, "mock"))
    with session_scope() as session:
        user_id = session.scalars(select(User.id)).one()
    appended: list[int] = []

    def go_on_meanwhile(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "truelayer_import_jobs" in statement and not appended:
            appended.append(0)
            with session_scope() as other:
                appended.append(EVENTS.append(other, job_id, JobDiscarded()))

    event.listen(get_engine(), "after_cursor_execute", go_on_meanwhile)
    try:
        news = LIVE_IMPORTS.read(user_id, job_id, 0, 100)
    finally:
        event.remove(get_engine(), "after_cursor_execute", go_on_meanwhile)

    assert len(appended) == 2
    assert news.last_event_id == news.snapshot["last_event_id"] == appended[1] - 1
