"""Exports that are read slowly do not delay the rest of the API."""

import gc
from contextlib import ExitStack

import pytest
from psycopg import ServerCursor
from tests.support.steps.installation import Installation
from tests.support.steps.record import a_record

from bankimport.transactions.export import service
from bankimport.transactions.export.service import ExportFormat, ExportsBusy, OwnExportsBusy, open_export
from bankimport.transactions.filters import TransactionFilter


def test_one_export_too_many_is_refused_and_succeeds_later(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PATIENCE_S", 0)
    user_id = installation.user()
    others = [installation.user(f"reader{number}@example.org") for number in range(service.MOST_AT_ONCE)]

    with ExitStack() as reading:
        for other in others:
            reading.enter_context(open_export(other, TransactionFilter(), ExportFormat.CSV))
        with pytest.raises(ExportsBusy), open_export(user_id, TransactionFilter(), ExportFormat.CSV):
            pass
    with open_export(user_id, TransactionFilter(), ExportFormat.CSV) as export:
        assert export.rows == 0


def test_one_user_cannot_take_all_places_for_exports(installation: Installation) -> None:
    ada, bob = installation.user("ada@example.org"), installation.user("bob@example.org")

    with ExitStack() as reading:
        for _ in range(service.MOST_OF_A_USER):
            reading.enter_context(open_export(ada, TransactionFilter(), ExportFormat.CSV))
        with pytest.raises(OwnExportsBusy) as raised, open_export(ada, TransactionFilter(), ExportFormat.CSV):
            pass
        assert (raised.value.http_status, raised.value.retry_after_s) == (429, 60)
        reading.enter_context(open_export(bob, TransactionFilter(), ExportFormat.CSV))
    assert not service._of_user


def test_an_export_that_is_left_in_the_middle_closes_its_cursor_itself(installation: Installation) -> None:
    record = a_record(installation)
    record.add_many(20_000)
    gc.disable()
    try:
        with open_export(record.user_id, TransactionFilter(), ExportFormat.CSV) as export:
            next(export.chunks)
        still_open = [item for item in gc.get_objects() if isinstance(item, ServerCursor) and not item.closed]
        assert still_open == []
    finally:
        gc.enable()
