"""Exports that are read slowly do not delay the rest of the API."""

import gc
from contextlib import ExitStack

import pytest
from psycopg import ServerCursor
from tests.support.installation import Installation
from tests.support.record import a_record

from bankimport.transactions.export import service
from bankimport.transactions.export.service import ExportFormat, ExportsBusy, open_export
from bankimport.transactions.filters import TransactionFilter


def test_one_export_too_many_is_refused_and_succeeds_later(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PATIENCE_S", 0)
    user_id = installation.user()

    with ExitStack() as reading:
        for _ in range(service.MOST_AT_ONCE):
            reading.enter_context(open_export(user_id, TransactionFilter(), ExportFormat.CSV))
        with pytest.raises(ExportsBusy), open_export(user_id, TransactionFilter(), ExportFormat.CSV):
            pass
    with open_export(user_id, TransactionFilter(), ExportFormat.CSV) as export:
        assert export.rows == 0


def test_an_abandoned_export_closes_its_cursor_itself(installation: Installation) -> None:
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
