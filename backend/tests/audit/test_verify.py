"""Every alteration of the stored record or of an evidence pack is detected and reported."""

import hashlib
import io
import json
import warnings
import zipfile
from datetime import timedelta
from typing import Any

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from starlette.testclient import TestClient
from tests.support.steps.imports import IMPORT, do, start
from tests.support.steps.installation import Installation

from bankimport.audit.evidence import pack_bytes
from bankimport.audit.evidence_check import PackInvalid, check_pack, check_signature, compare_with_record
from bankimport.audit.reparse import reparse
from bankimport.audit.signature import own_keys
from bankimport.audit.verify import Fault, verify_user
from bankimport.clock import utc_today
from bankimport.db.session import session_scope
from bankimport.imports.answers.raw import body_of
from bankimport.imports.answers.retention import purge_expired_answers
from bankimport.imports.models import RawResponse
from bankimport.settings import get_settings

USER = 1


def execute(statement: str, **values: Any) -> Any:
    with session_scope() as session:
        result = session.execute(text(statement).bindparams(**values))
        return result.all() if "RETURNING" in statement or statement.startswith("SELECT") else None


def received(response_id: int) -> bytes:
    with session_scope() as session:
        return body_of(session.get_one(RawResponse, response_id))


def faults() -> list[tuple[Fault, str]]:
    with session_scope() as session:
        return [(finding.fault, finding.message) for finding in verify_user(session, USER).findings or []]


def imported(installation: Installation, bank_id: str = "sim-plain", times: int = 1) -> tuple[TestClient, int]:
    """A user's client and the newest of their imports; most tests share the copies of one."""
    if (bank_id, times) == ("sim-plain", 1):
        return installation.once("an import to verify", lambda: _imported(installation, bank_id, times))
    return _imported(installation, bank_id, times)


def _imported(installation: Installation, bank_id: str, times: int) -> tuple[TestClient, int]:
    client = installation.signed_in()
    connection_id = installation.connect(client, bank_id)
    for _ in range(times):
        job_id = start(client, connection_id, from_date=(utc_today() - timedelta(days=20)).isoformat())
        installation.run_tasks()
    return client, job_id


@pytest.mark.parametrize(
    "bank_id",
    ["sim-plain", "sim-vanishing-pending", "sim-churning-ids", "sim-doubled", "sim-malformed", "sim-legacy-cards"],
)
def test_an_untouched_record_passes_and_reparses_the_same(installation: Installation, bank_id: str) -> None:
    client, _ = imported(installation, bank_id, times=2)
    installation.simulator.admin("POST", "clock", advance_seconds=86_400)
    start(client, 1, from_date=(utc_today() - timedelta(days=5)).isoformat())
    installation.run_tasks()
    row_id = client.get("/api/transactions").json()["transactions"][0]["id"]
    client.patch(f"/api/transactions/{row_id}", json={"category": "Mine", "merchant": "Somebody"})

    assert faults() == []
    with session_scope() as session:
        again = reparse(session, USER)
    assert again.rows > 50
    assert (again.differences, again.bodies_altered, again.understood) == ([], 0, 0)


def test_an_altered_amount_is_reported_and_restored_from_the_stored_answer(installation: Installation) -> None:
    imported(installation)
    ((row_id, amount),) = execute(
        "UPDATE transactions SET amount = amount + 1 WHERE id = (SELECT max(id) FROM transactions) RETURNING id, amount"
    )

    ((fault, message),) = faults()
    assert fault is Fault.ROW_ALTERED
    assert f"transaction {row_id}" in message
    assert f"amount is {amount}, the bank said {amount - 1}" in message
    with session_scope() as session:
        assert [item.transaction_id for item in reparse(session, USER).differences] == [row_id]
    assert len(faults()) == 1
    with session_scope() as session:
        reparse(session, USER, write=True)
    assert faults() == []
    kinds = execute("SELECT kind FROM transaction_changes WHERE transaction_id = :id ORDER BY id", id=row_id)
    assert kinds[-1] == ("reparsed",)


def test_an_altered_body_is_reported_even_if_its_row_was_altered_the_same_way(installation: Installation) -> None:
    imported(installation)
    ((response_id, packed_body),) = execute(
        "SELECT id, body FROM raw_responses WHERE endpoint = 'transactions' ORDER BY id LIMIT 1"
    )
    ((row_id, amount),) = execute(
        "SELECT id, amount FROM transactions WHERE raw_response_id = :id AND amount < 0 ORDER BY id LIMIT 1",
        id=response_id,
    )
    body = received(response_id)
    altered = body.replace(f'"amount":{amount:.2f},'.encode(), f'"amount":{amount - 1:.2f},'.encode(), 1)
    assert altered != body
    execute("UPDATE transactions SET amount = amount - 1 WHERE id = :id", id=row_id)
    torn = bytearray(packed_body)
    torn[40] ^= 1

    for tampered in (zstandard.ZstdCompressor().compress(altered), bytes(torn)):
        execute("UPDATE raw_responses SET body = :body WHERE id = :id", body=tampered, id=response_id)
        ((fault, message),) = faults()
        assert fault is Fault.BODY_ALTERED
        assert f"answer {response_id}" in message


def test_an_altered_balance_answer_is_reported(installation: Installation) -> None:
    imported(installation)
    ((response_id,),) = execute(
        "UPDATE raw_responses SET body = :body WHERE id = "
        "(SELECT max(id) FROM raw_responses WHERE endpoint = 'balance') RETURNING id",
        body=zstandard.ZstdCompressor().compress(b'{"results":[]}'),
    )
    ((fault, message),) = faults()
    assert (fault, f"answer {response_id} " in message) == (Fault.BODY_ALTERED, True)


def test_a_deleted_row_is_reported_with_day_and_amount(installation: Installation) -> None:
    imported(installation, times=2)
    ((day, amount, description),) = execute(
        "DELETE FROM transactions WHERE id = (SELECT min(id) FROM transactions) RETURNING date, amount, description"
    )

    ((fault, message),) = faults()
    assert fault is Fault.ROW_DELETED
    assert f"{day}, {amount:f} GBP ({description})" in message


@pytest.mark.parametrize(
    ("statement", "fault", "message"),
    [
        (
            "UPDATE transactions SET account_id = (SELECT max(account_id) FROM transactions) WHERE id = :id",
            Fault.ROW_ALTERED,
            "account_id is",
        ),
        ("UPDATE transactions SET status = 'pending' WHERE id = :id", Fault.ROW_ALTERED, "status is pending"),
        ("UPDATE transactions SET removed_at = created_at WHERE id = :id", Fault.ROW_DELETED, "not in the record"),
        (
            'INSERT INTO transactions SELECT (jsonb_populate_record(t, \'{"id": 900001, "dedupe_key": "x"}\')).* '
            "FROM transactions t WHERE id = :id",
            Fault.ROW_UNKNOWN,
            "transaction 900001",
        ),
        (
            "UPDATE transactions SET raw_position = raw_position + 10000 WHERE id = :id",
            Fault.ROW_UNKNOWN,
            "is not in the answer",
        ),
        ("UPDATE transactions SET raw_response_id = 900001 WHERE id = :id", Fault.ROW_UNKNOWN, "names an answer"),
        ("UPDATE transactions SET import_job_id = 900001 WHERE id = :id", Fault.ROW_UNKNOWN, "names an answer"),
    ],
    ids=["moved to another account", "status", "hidden", "invented", "torn from its answer", "no answer", "no import"],
)
def test_any_other_tampering_with_a_row_is_reported(
    installation: Installation, statement: str, fault: Fault, message: str
) -> None:
    imported(installation)
    execute(statement.replace(":id", "(SELECT min(id) FROM transactions)"))

    named = dict(faults())
    assert fault in named
    assert message in named[fault]


def test_deleted_bodies_are_counted_but_are_not_faults(installation: Installation) -> None:
    imported(installation)
    execute("UPDATE raw_responses SET body = NULL")
    with session_scope() as session:
        done = verify_user(session, USER)
    assert done.findings == []
    assert done.bodies_gone == done.answers > 0


def test_only_old_unneeded_bodies_are_deleted(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    imported(installation)
    total = execute("SELECT count(*) FROM raw_responses")[0][0]
    execute("UPDATE raw_responses SET received_at = received_at - interval '11 days' WHERE endpoint = 'transactions'")
    execute("UPDATE import_windows SET state = 'fetched' WHERE id = (SELECT min(id) FROM import_windows)")
    assert purge_expired_answers() == 0
    monkeypatch.setenv("BANKIMPORT_RAW_RETENTION_DAYS", "10")
    get_settings.cache_clear()

    assert purge_expired_answers() == 2
    assert purge_expired_answers() == 0
    assert execute("SELECT count(*) FROM raw_responses WHERE body IS NOT NULL") == [(total - 2,)]


def packed(job_id: int) -> bytes:
    with session_scope() as session:
        return pack_bytes(session, USER, job_id)


def test_a_pack_passes_alone_and_against_the_record_even_after_undo(installation: Installation) -> None:
    client, job_id = imported(installation, "sim-malformed")
    pack = client.get(f"{IMPORT}/{job_id}/evidence")
    assert pack.headers["content-type"] == "application/zip"
    assert pack.content == packed(job_id)

    assert check_pack(io.BytesIO(pack.content)) == []
    with session_scope() as session:
        assert compare_with_record(session, USER, io.BytesIO(pack.content)) == []
    with zipfile.ZipFile(io.BytesIO(pack.content)) as members:
        assert b"results" not in members.read("answers.json")
        rejected = json.loads(members.read("rejected.json"))
        assert len(rejected) == json.loads(members.read("job.json"))["totals"]["errors"] > 0
        assert all(item["reason"] and item["answer_id"] for item in rejected)
        assert json.loads(members.read("reviews.json")) == []
        calls = next(part for part in json.loads(members.read("costs.json"))["parts"] if part["what"] == "calls")
        assert calls["quantity"] == len(json.loads(members.read("calls.json"))) > 0
    do(client, job_id, "undo")
    assert check_pack(io.BytesIO(packed(job_id))) == []


def test_changes_in_the_record_since_a_pack_was_made_are_reported(installation: Installation) -> None:
    _, job_id = imported(installation)
    pack = packed(job_id)
    ((altered,),) = execute(
        "UPDATE transactions SET amount = 5 WHERE id = (SELECT max(id) FROM transactions) RETURNING id"
    )
    ((deleted,),) = execute("DELETE FROM transactions WHERE id = (SELECT min(id) FROM transactions) RETURNING id")

    with session_scope() as session:
        wrong = compare_with_record(session, USER, io.BytesIO(pack))
    assert len(wrong) == 2
    execute("UPDATE raw_responses SET sha256 = '\\x00' WHERE id = (SELECT min(id) FROM raw_responses)")
    with session_scope() as session:
        assert any("the hash of answer" in problem for problem in compare_with_record(session, USER, io.BytesIO(pack)))
    assert f"transaction {deleted} " in wrong[0]
    assert "was deleted" in wrong[0]
    assert f"transaction {altered} " in wrong[1]
    assert "is 5" in wrong[1]


def rewritten(pack: bytes, name: str, content: bytes | None) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(pack)) as old, zipfile.ZipFile(buffer, "w") as new:
        for item in old.infolist():
            if item.filename != name:
                new.writestr(item.filename, old.read(item))
        if content is not None:
            new.writestr(name, content)
    return buffer


def test_an_altered_pack_is_found_without_a_database(installation: Installation) -> None:
    _, job_id = imported(installation)
    pack = packed(job_id)
    with zipfile.ZipFile(io.BytesIO(pack)) as members:
        rows = members.read("rows.ndjson").splitlines(keepends=True)
        manifest = json.loads(members.read("manifest.json"))

    assert check_pack(rewritten(pack, "rows.ndjson", b"".join(rows[1:]))) == [
        "rows.ndjson was altered: its hash differs from the manifest"
    ]
    assert check_pack(rewritten(pack, "proofs.json", None)) == ["proofs.json is missing from the pack"]
    assert check_pack(rewritten(pack, "more.txt", b"x")) == ["more.txt is not listed in the manifest"]
    manifest["format"] = "something/9"
    for content in (b"{}", b"[]", b"\xff", json.dumps(manifest).encode()):
        with pytest.raises(PackInvalid):
            check_pack(rewritten(pack, "manifest.json", content))
    for content in (b"", b"PK\x03\x04", b"no zip", pack[: len(pack) // 2]):
        with pytest.raises(PackInvalid):
            check_pack(io.BytesIO(content))
    # Byte 8 of a member's entry in the directory says whether it is encrypted, byte 10 how it is compressed.
    entry = pack.index(b"PK\x01\x02")
    for offset, value in ((8, 1), (10, 99)):
        with pytest.raises(PackInvalid, match="not an evidence pack"):
            check_pack(io.BytesIO(pack[: entry + offset] + bytes([value]) + pack[entry + offset + 1 :]))


def made_anew(pack: bytes, name: str, content: bytes, *, signed: bool = True) -> io.BytesIO:
    """The pack as a forger would make it who knows the format but has another key."""
    altered = rewritten(pack, name, content).getvalue()
    with zipfile.ZipFile(io.BytesIO(altered)) as members:
        manifest = json.loads(members.read("manifest.json"))
    manifest["sha256"][name] = hashlib.sha256(content).hexdigest()
    written = json.dumps(manifest).encode()
    key = Ed25519PrivateKey.generate()
    signature = {
        "algorithm": "Ed25519",
        "public_key": key.public_key().public_bytes_raw().hex(),
        "signature": key.sign(written).hex(),
    }
    altered = rewritten(altered, "manifest.json", written).getvalue()
    return rewritten(altered, "signature.json", json.dumps(signature).encode() if signed else None)


def test_a_forged_pack_is_detected_by_its_signature(installation: Installation) -> None:
    _, job_id = imported(installation)
    pack = packed(job_id)
    (own, *_) = own_keys()
    assert check_signature(io.BytesIO(pack)) == check_signature(io.BytesIO(pack), [own]) == (own, [])
    with zipfile.ZipFile(io.BytesIO(pack)) as members:
        changes = members.read("changes.json").replace(b"[", b"[ ")
        manifest = members.read("manifest.json")

    forged = made_anew(pack, "changes.json", changes)
    assert check_pack(forged) == []
    assert check_signature(forged)[1] == []
    signer, wrong = check_signature(forged, [own])
    assert (signer != own, wrong) == (True, [f"the pack is signed by a different key, {signer}"])
    assert check_signature(made_anew(pack, "changes.json", changes, signed=False))[1] == ["the pack is not signed"]
    assert check_signature(rewritten(pack, "manifest.json", manifest + b" "))[1] == [
        "the signature does not match this manifest"
    ]
    for broken in (b"", b"[]", b"{}", b'{"algorithm":"Ed25519","public_key":"zz","signature":""}', b"\xff"):
        assert check_signature(rewritten(pack, "signature.json", broken))[1] == ["the signature cannot be read"]
    for name, content in (
        ("rows.ndjson", b"no json"),
        ("job.json", b"[]"),
        ("asks.json", b"7"),
        ("rejected.json", b"1"),
    ):
        (problem,) = check_pack(made_anew(pack, name, content))
        assert "cannot be read together" in problem
    twice = io.BytesIO(pack)
    with warnings.catch_warnings(), zipfile.ZipFile(twice, "a") as more:
        warnings.simplefilter("ignore")
        more.writestr("rows.ndjson", b"")
    with pytest.raises(PackInvalid, match="twice"):
        check_pack(twice)


def test_only_the_owner_sees_evidence_and_provenance(installation: Installation) -> None:
    client, job_id = imported(installation)
    row = client.get("/api/transactions").json()["transactions"][0]
    eve = installation.signed_in("eve@example.org")
    assert eve.get(f"{IMPORT}/{job_id}/evidence").status_code == 404
    assert eve.get(f"/api/transactions/{row['id']}/provenance").status_code == 404

    found = client.get(f"/api/transactions/{row['id']}/provenance").raise_for_status().json()
    assert (found["import_job_id"], found["attempt"], found["endpoint"]) == (str(job_id), 1, "transactions")
    assert len(found["sha256"]) == 64
    assert found["window"]["from"] <= row["date"] <= found["window"]["to"]
    assert "Bearer" not in json.dumps(found)


def test_the_evidence_of_a_running_import_is_refused(installation: Installation) -> None:
    client = installation.signed_in()
    job_id = start(client, installation.connect(client, "sim-plain"))
    assert client.get(f"{IMPORT}/{job_id}/evidence").json()["code"] == "not_possible_now"
