"""Events of import jobs: read as written, numbered, described to clients, and readable when old."""

from datetime import UTC, date, datetime
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter
from pydantic_core import PydanticUndefined
from sqlalchemy import select, text
from tests.support.steps.imports import start
from tests.support.steps.installation import Installation, openapi_document

from bankimport.db.session import session_scope
from bankimport.enrichment.models import EnrichmentStatus
from bankimport.enrichment.run.events import EnrichmentJobEvent
from bankimport.imports.events import EVENTS, BatchStored, ImportJobEvent, OtherImportEvent, RowsRejected
from bankimport.imports.models import AccountStatus, ImportJob, JobStatus
from bankimport.imports.read.live import LIVE_IMPORTS
from bankimport.openapi.sockets import SOCKET_MESSAGES
from bankimport.realtime.event_log import JobEvent
from bankimport.users.models import User

VALUES: dict[str, Any] = {
    "account_id": 7,
    "account_ids": ["7", "8"],
    "status": JobStatus.COMPLETED,
    "job_status": EnrichmentStatus.RUNNING,
    "enrichment_status": EnrichmentStatus.FAILED,
    "enrich_at": datetime(2026, 5, 1, 3, tzinfo=UTC),
    "next_attempt_at": datetime(2026, 5, 1, 4, tzinfo=UTC),
    "first": date(2026, 3, 1),
    "last": date(2026, 3, 31),
    "error_code": "provider_error",
    "message": "the bank is down",
    "reason": "import_undone",
    "stored_type": "job_split",
    "fields": {"parts": 2},
}


def models_of(union: Any) -> tuple[type[JobEvent], ...]:
    return get_args(get_args(union.__value__)[0])


def example(model: type[JobEvent]) -> JobEvent:
    """An event with a value for every field."""
    return model.model_validate({name: VALUES.get(name, 3) for name in model.model_fields if name != "type"})


@pytest.mark.parametrize("union", [ImportJobEvent, EnrichmentJobEvent], ids=["imports", "enrichment"])
def test_every_event_is_read_back_unchanged_and_has_a_distinct_type(union: Any) -> None:
    adapter: TypeAdapter[JobEvent] = TypeAdapter(union)
    models = models_of(union)

    for model in models:
        event = example(model)
        assert adapter.validate_python(event.model_dump(mode="json")) == event
        assert adapter.validate_json(event.model_dump_json()) == event
    assert len({model.word() for model in models}) == len(models)
    assert all(model.model_fields["type"].default is not PydanticUndefined for model in models)


def test_an_event_with_a_renamed_field_or_an_unknown_type_is_passed_on_as_other_with_all_its_fields(
    installation: Installation,
) -> None:
    client = installation.signed_in()
    job_id = start(client, installation.connect(client, "mock"))
    stored = BatchStored(
        account_id=7,
        first=date(2026, 3, 1),
        last=date(2026, 3, 31),
        synced=4,
        duplicates=1,
        errors=0,
        days_done=31,
        days_total=62,
    )
    with session_scope() as session:
        last = EVENTS.last_event_id(session, job_id)
        numbers = [EVENTS.append(session, job_id, event) for event in (stored, RowsRejected(account_id=7, errors=2))]
        numbers.append(EVENTS.append(session, job_id, stored))
        for number, change in (
            (numbers[1], "type = 'job_split'"),
            (numbers[2], "payload = payload - 'synced' || '{\"stored\": 4}'"),
        ):
            statement = text(f"UPDATE import_events SET {change} WHERE job_id = :job AND event_id = :number")
            session.execute(statement, {"job": job_id, "number": number})

    with session_scope() as session:
        read = [item.event for item in EVENTS.after(session, job_id, last, 10)]
        user_id = session.scalars(select(User.id)).one()
        assert EVENTS.last_event_id(session, job_id) == session.get_one(ImportJob, job_id).last_event_id == last + 3
    listed = client.get(f"/api/truelayer/import/{job_id}/events?after={last}").json()["events"]
    sent = LIVE_IMPORTS.messages(LIVE_IMPORTS.read(user_id, job_id, last, 10), last)

    assert numbers == [last + 1, last + 2, last + 3]
    assert read[0] == stored
    assert read[1] == OtherImportEvent(account_id=7, stored_type="job_split", fields={"errors": 2})
    assert isinstance(read[2], OtherImportEvent)
    assert read[2].fields["stored"] == 4
    assert [event["type"] for event in listed] == ["batch_stored", "other", "other"]
    assert listed[0]["account_id"] == listed[0]["payload"]["account_id"] == "7"
    assert (listed[0]["payload"]["from"], listed[0]["payload"]["to"]) == ("2026-03-01", "2026-03-31")
    assert [message.event_id for message in sent] == numbers
    assert (
        sent[0].body.items()
        >= {
            "event_id": numbers[0],
            "from_event_id": numbers[0],
            "job_id": str(job_id),
            "account_id": "7",
            "type": "batch_stored",
            "from": "2026-03-01",
            "synced": 4,
            "days_total": 62,
            "percent": 0,
            "status": "queued",
            "completed_accounts": 0,
        }.items()
    )
    assert {"total_so_far", "estimated_completion", "created_at"} <= sent[0].body.keys()
    assert sent[1].body.items() >= {"type": "other", "stored_type": "job_split", "fields": {"errors": 2}}.items()


def test_the_api_describes_every_event_over_http_and_over_sockets() -> None:
    document = openapi_document()
    schemas = document["components"]["schemas"]

    for read, union in (("EventRead", ImportJobEvent), ("EnrichmentEventRead", EnrichmentJobEvent)):
        assert schemas[read]["properties"]["payload"] == {"$ref": f"#/components/schemas/{union.__name__}"}
        described = schemas[union.__name__]["discriminator"]["mapping"]
        assert described == {model.word(): f"#/components/schemas/{model.__name__}" for model in models_of(union)}
        for model in models_of(union):
            schema = schemas[model.__name__]
            assert set(schema["required"]) == set(schema["properties"]) == set(example(model).model_dump(mode="json"))
    for event, (name, parts) in SOCKET_MESSAGES.items():
        assert document["x-socket-io"]["events"][event] == {"$ref": f"#/components/schemas/{name}"}
        refs = [part["anyOf"][0]["$ref"].rpartition("/")[2] for part in schemas[name]["allOf"]]
        assert refs == [part.__name__ for part in parts]
        assert set(refs) <= set(schemas)


def test_each_status_that_an_attempt_leaves_its_account_in_has_an_event() -> None:
    words = {model.word() for model in models_of(ImportJobEvent)}

    left_in = set(AccountStatus) - {AccountStatus.SYNCING, AccountStatus.CANCELLED}
    assert {f"account_{status.value}" for status in left_in} <= words
