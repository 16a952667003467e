"""Events on their way to watchers: what is folded, and that nothing goes unsaid."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select
from tests.support.imports import start
from tests.support.installation import Installation

from bankimport.db.session import get_engine, session_scope
from bankimport.imports import repository
from bankimport.imports.read.live import FOLDABLE, LiveJobs
from bankimport.realtime.folding import folded
from bankimport.users.models import User

TYPES = [*sorted(FOLDABLE), "account_started", "account_completed", "job_finished"]


def an_event(number: int, kind: str = "batch_stored", account: str | None = "1") -> dict[str, Any]:
    return {"event_id": number, "type": kind, "account_id": account, "synced": number}


def test_of_an_accounts_batches_only_the_newest_is_sent_and_covers_the_others() -> None:
    sent = folded([an_event(4), an_event(5), an_event(6, account="2"), an_event(7)], after=3, foldable=FOLDABLE)

    assert [(row["from_event_id"], row["event_id"], row["account_id"]) for row in sent] == [(4, 6, "2"), (7, 7, "1")]


def test_starts_ends_and_failures_are_all_sent() -> None:
    sent = folded(
        [an_event(1, "job_started"), an_event(2), an_event(3, "account_failed"), an_event(4)],
        after=0,
        foldable=FOLDABLE,
    )

    assert [row["type"] for row in sent] == ["job_started", "account_failed", "batch_stored"]


@given(
    st.lists(st.tuples(st.sampled_from(TYPES), st.sampled_from(["1", "2", "3"])), max_size=40),
    st.integers(0, 40),
)
def test_every_number_is_covered_once_and_the_last_word_on_each_account_is_sent(
    kinds: list[tuple[str, str]], after: int
) -> None:
    events = [an_event(number, kind, account) for number, (kind, account) in enumerate(kinds, 1)]

    sent = folded(events, after, FOLDABLE)

    covered = [number for row in sent for number in range(row["from_event_id"], row["event_id"] + 1)]
    assert covered == [event["event_id"] for event in events if event["event_id"] > after]
    for account in ("1", "2", "3"):
        last = [row for row in events if row["account_id"] == account and row["event_id"] > after][-1:]
        assert all(any(row["event_id"] == wanted["event_id"] for row in sent) for wanted in last)
    kept = [row for row in events if row["type"] not in FOLDABLE and row["event_id"] > after]
    assert [row["event_id"] for row in sent if row["type"] not in FOLDABLE] == [row["event_id"] for row in kept]


def test_events_and_the_job_beside_them_are_of_one_moment(installation: Installation) -> None:
    client = installation.signed_in()
    job_id = start(client, installation.connect(client, "mock"))
    with session_scope() as session:
        user_id = session.scalars(select(User.id)).one()
    told: list[int] = []

    def go_on_meanwhile(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "truelayer_import_jobs" in statement and not told:
            told.append(0)
            with session_scope() as other:
                told.append(repository.append_event(other, job_id, "job_finished"))

    event.listen(get_engine(), "after_cursor_execute", go_on_meanwhile)
    try:
        news = LiveJobs().read(user_id, job_id, 0, 100)
    finally:
        event.remove(get_engine(), "after_cursor_execute", go_on_meanwhile)

    assert len(told) == 2
    assert news.last_event_id == news.snapshot["last_event_id"] == told[1] - 1
