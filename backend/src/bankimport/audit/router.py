"""Evidence packs and provenance over HTTP."""

from fastapi import APIRouter, Response

from bankimport.audit.evidence import pack_bytes
from bankimport.audit.provenance import provenance_read
from bankimport.audit.schemas import ProvenanceRead
from bankimport.auth import CurrentUser
from bankimport.db.request import SessionDep
from bankimport.ids import Id
from bankimport.users.record import record

evidence_router = APIRouter(prefix="/api/truelayer/import", tags=["imports"])
provenance_router = APIRouter(prefix="/api/transactions", tags=["transactions"])


@evidence_router.get("/{job_id}/evidence")
def read_evidence(job_id: Id, session: SessionDep, user: CurrentUser) -> Response:
    """The evidence pack of an ended job, as a zip file."""
    content = pack_bytes(session, user.id, job_id)
    record(session, user.id, "evidence.downloaded", job_id=job_id)
    name = f'attachment; filename="bankimport-evidence-{job_id}.zip"'
    return Response(content, media_type="application/zip", headers={"Content-Disposition": name})


@provenance_router.get("/{transaction_id}/provenance")
def read_provenance(transaction_id: Id, session: SessionDep, user: CurrentUser) -> ProvenanceRead:
    """Where a row came from, and how it was changed since."""
    return provenance_read(session, user.id, transaction_id)
