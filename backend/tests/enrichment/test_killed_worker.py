"""A worker that is killed in the middle of a call: nothing is charged twice, nothing forgotten."""

import signal
import subprocess
import sys
import time
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from tests.enrichment.model_server import ModelServer
from tests.enrichment.test_run import PATH, PRICE, add, model, read_job, row
from tests.transactions.record import Record

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.enrichment.models import EnrichmentJob, LlmCall, LlmCallStatus
from bankimport.enrichment.recover import recover_enrichment
from bankimport.enrichment.run import run_enrichment

__all__ = ["model"]


def test_a_batch_is_asked_twice_at_most_and_both_calls_count(record: Record, model: ModelServer) -> None:
    (row_id,) = add(record, "SHOP ONE")
    made = record.client.post(f"{PATH}/jobs", json={}).json()
    model.delay_s = 60
    code = f"import bankimport.worker; from bankimport.enrichment.run import run_enrichment as r; r({made['id']}, 'x')"
    worker = subprocess.Popen([sys.executable, "-c", code])
    while not model.asked and worker.poll() is None:
        time.sleep(0.05)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    model.delay_s = 0
    with session_scope() as session:
        reserved = session.scalars(select(LlmCall)).one()
        assert reserved.status is LlmCallStatus.RESERVED
        session.get_one(EnrichmentJob, int(made["id"])).lease_expires_at = utc_now() - timedelta(seconds=1)
    assert recover_enrichment() == [int(made["id"])]
    run_enrichment(int(made["id"]), "test")
    job = read_job(record, made["id"])
    assert (job["job_status"], job["calls"], row(row_id).category) == ("completed", 2, "Groceries")
    assert reserved.cost is not None
    assert Decimal(job["total_cost"]) == reserved.cost + PRICE
    assert model.asked == ["SHOP ONE"] * 2
