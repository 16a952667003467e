"""Enrich a job's pages without a model, several side by side: PostgreSQL writes one while the next ones are decided.

Pages are read, and committed, in the order of their ids. So the job's cursor says all there is to say about what is
done, and an attempt that ends anywhere leaves only whole pages.
"""

import threading
from collections.abc import Sequence
from contextvars import copy_context
from dataclasses import dataclass

import psycopg
from sqlalchemy import ColumnElement, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bankimport.db.session import commit_and_run, session_scope
from bankimport.enrichment.categories.categories import names_in_use
from bankimport.enrichment.rows import RowToEnrich
from bankimport.enrichment.rules.rule_store import locked_rows
from bankimport.enrichment.run.attempt import Attempt, keep_lease, writing
from bankimport.enrichment.run.deciding import decide_all
from bankimport.enrichment.run.pages import Pace, complete, count_page, scope_of
from bankimport.enrichment.run.writing import write_decisions
from bankimport.transactions.repository import begin_writing

MOST_ROWS = 4_000
"""Rows of one transaction. An edit waits for the page of its row and for those before it."""

SIDE_BY_SIDE = 2
"""Pages at one time: one core decides and the others write; further ones would mostly wait for their turn."""

_PATIENCE_FOR_ROWS = text("SET LOCAL lock_timeout = '5s'")
_PATIENCE_FOR_JOB = text("SET LOCAL lock_timeout = '500ms'")
"""How long a page waits for what others hold. They may wait for rows of a page that waits here for its turn, and
PostgreSQL cannot see that: so the pages give way and are done again. It looks for a deadlock after a second."""


class _GivenUp(Exception):
    """A page before this one failed."""


@dataclass(frozen=True, slots=True)
class _Page:
    """Locked rows: the `number`th page of this run, from 0; a page that is not full is the last one."""

    number: int
    rows: list[RowToEnrich]

    @property
    def is_last(self) -> bool:
        return len(self.rows) < MOST_ROWS


class _Pages:
    """The pages that are left of a job: given out, and let through to their commit, one after the other."""

    def __init__(self, scope: Sequence[ColumnElement[bool]], after: int) -> None:
        self.failure: BaseException | None = None
        self._failed: int | None = None
        self._scope = scope
        self._after = after
        self._given = 0
        self._has_more = True
        self._reading = threading.Lock()
        self._committed = 0
        self._moved = threading.Condition()

    def read(self, session: Session) -> _Page | None:
        """The next page, read and locked by this session; None if all have been given out, or one has failed.

        All rows of the pages before it are locked already, so that none of them waits for somebody who waits for this
        one.
        """
        with self._reading:
            if not self._has_more or self.failure is not None:
                return None
            rows = locked_rows(session, self._scope, after=self._after, most=MOST_ROWS)
            page = _Page(self._given, rows)
            self._given += 1
            self._has_more = not page.is_last
            if rows:
                self._after = rows[-1].id
            return page

    def wait_for_turn(self, page: _Page) -> None:
        """Wait until all pages before it are committed.

        Raises:
            _GivenUp: one of them failed.
        """
        with self._moved:
            self._moved.wait_for(lambda: self._committed == page.number or self._is_behind_failed(page))
            if self._is_behind_failed(page):
                raise _GivenUp

    def end_turn(self) -> None:
        """The page whose turn it was is committed."""
        with self._moved:
            self._committed += 1
            self._moved.notify_all()

    def fail(self, page: _Page | None, failure: BaseException) -> None:
        """Let no page be committed from this one on, or from the next one to be read; those before it still are."""
        with self._moved:
            number = self._given if page is None else page.number
            if self._failed is None or number < self._failed:
                self._failed, self.failure = number, failure
            self._moved.notify_all()

    def _is_behind_failed(self, page: _Page) -> bool:
        return self._failed is not None and self._failed < page.number


def enrich_side_by_side(attempt: Attempt, pace: Pace) -> bool:
    """Enrich the pages that are left; False if the job is completed, True if it has to be called again.

    Raises:
        AttemptLost: the job was stopped, or belongs to another worker now.
    """
    with writing(attempt) as (session, job):
        # A new user's categories are stored here: the pages would wait for each other to do so.
        names_in_use(session, job.user_id)
        pages = _Pages(scope_of(job), job.cursor)
        left = job.total_transactions - job.processed
    others = [
        threading.Thread(target=copy_context().run, args=(_work, attempt, pages, pace), name="enrichment page")
        for _ in range(min(SIDE_BY_SIDE, -(-left // MOST_ROWS)) - 1)
    ]
    for thread in others:
        thread.start()
    _work(attempt, pages, pace)
    for thread in others:
        thread.join()
    if pages.failure is None:
        return False
    if _is_held_up(pages.failure):
        return True
    raise pages.failure


def _work(attempt: Attempt, pages: _Pages, pace: Pace) -> None:
    """Enrich pages until none is left, or until one failed, which is kept in `pages`."""
    try:
        while _enrich_next(attempt, pages, pace):
            pass
    except _GivenUp:
        pass
    except BaseException as failure:
        pages.fail(None, failure)


def _enrich_next(attempt: Attempt, pages: _Pages, pace: Pace) -> bool:
    """Enrich a page in one transaction; False if none was left."""
    with session_scope() as session:
        session.execute(_PATIENCE_FOR_ROWS)
        begin_writing(session, attempt.user_id)
        page = pages.read(session)
        if page is None:
            return False
        try:
            decided = decide_all(session, attempt.user_id, page.rows, only_of=None)
            changed = write_decisions(session, attempt, page.rows, decided) if page.rows else 0
            pages.wait_for_turn(page)
            session.execute(_PATIENCE_FOR_JOB)
            job = keep_lease(session, attempt)
            if page.rows:
                count_page(session, job, page.rows, decided, pace, changed=changed)
            if page.is_last:
                complete(session, job)
            commit_and_run(session)
            pages.end_turn()
        except _GivenUp:
            raise
        except BaseException as failure:
            pages.fail(page, failure)
            raise _GivenUp from failure
    return True


def _is_held_up(failure: BaseException) -> bool:
    """Whether a page waited too long for a lock."""
    cause = failure.orig if isinstance(failure, OperationalError) else failure
    return isinstance(cause, psycopg.errors.LockNotAvailable)
