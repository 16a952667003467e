"""Check an evidence pack: members against the manifest, members against each other, and all of it against the record.

The first two checks need nothing but the file.
"""

import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Collection
from typing import BinaryIO

from sqlalchemy.orm import Session

from bankimport.audit.evidence import FORMAT, MANIFEST, SIGNATURE, packed_answers, packed_rows
from bankimport.audit.signature import SignatureWrong, signer_of
from bankimport.errors import InvalidRequest
from bankimport.imports import repository

LARGEST_PACK_BYTES = 2_000_000_000


class PackInvalid(InvalidRequest):
    """The file is not a readable evidence pack."""

    code = "pack_invalid"


def check_pack(file: BinaryIO) -> list[str]:
    """Describe what is wrong with a pack; empty if nothing is. Needs no database and no network.

    Raises:
        PackInvalid: the file is not a pack.
    """
    try:
        with zipfile.ZipFile(file) as pack:
            if sum(item.file_size for item in pack.infolist()) > LARGEST_PACK_BYTES:
                raise PackInvalid("the pack is larger than any pack this program writes")
            contents = {item.filename: pack.read(item) for item in pack.infolist()}
            if len(contents) != len(pack.infolist()):
                raise PackInvalid("the file is not an evidence pack: it contains the same name twice")
        manifest = json.loads(contents.pop(MANIFEST))
        contents.pop(SIGNATURE, None)
        hashes = dict(manifest["sha256"])
        if manifest["format"] != FORMAT:
            raise PackInvalid(f"the pack has format {manifest['format']}; this version reads {FORMAT}")
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, EOFError, RuntimeError) as error:
        # RuntimeError: an encrypted member, or (its subclass) a compression method that zipfile cannot read.
        raise PackInvalid(f"the file is not an evidence pack: {type(error).__name__}") from None
    wrong = [f"{name} is missing from the pack" for name in sorted(hashes.keys() - contents.keys())]
    wrong += [f"{name} is not listed in the manifest" for name in sorted(contents.keys() - hashes.keys())]
    for name in sorted(hashes.keys() & contents.keys()):
        if hashlib.sha256(contents[name]).hexdigest() != hashes[name]:
            wrong.append(f"{name} was altered: its hash differs from the manifest")
    try:
        return wrong or _contradictions(contents)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        return [f"this program did not write the pack: its members cannot be read together ({type(error).__name__})"]


def check_signature(file: BinaryIO, trusted: Collection[str] | None = None) -> tuple[str | None, list[str]]:
    """The public key that signed a pack which `check_pack` could read, and what is wrong with the signature.

    Needs no database and no network. If `trusted` is given, the signer's key must be one of these; None accepts any
    key.
    """
    with zipfile.ZipFile(file) as pack:
        if SIGNATURE not in pack.namelist():
            return None, ["the pack is not signed"]
        try:
            signer = signer_of(pack.read(MANIFEST), dict(json.loads(pack.read(SIGNATURE))))
        except SignatureWrong as error:
            return None, [str(error)]
        except (ValueError, TypeError):
            return None, ["the signature cannot be read"]
    if trusted is not None and signer not in trusted:
        return signer, [f"the pack is signed by a different key, {signer}"]
    return signer, []


def compare_with_record(session: Session, user_id: int, file: BinaryIO) -> list[str]:
    """Describe how the stored record now differs from a sound pack.

    Raises:
        PackInvalid: the file is not a pack, or not a sound one.
        ImportNotFound: the pack's job is not this user's.
    """
    wrong = check_pack(file)
    if wrong:
        raise PackInvalid(wrong[0])
    with zipfile.ZipFile(file) as pack:
        job_id = int(json.loads(pack.read(MANIFEST))["job_id"])
        packed = {row["id"]: row for row in map(json.loads, pack.read("rows.ndjson").splitlines())}
        answers = {answer["id"]: answer for answer in json.loads(pack.read("answers.json"))}
    repository.job_of(session, user_id, job_id)
    now = {row["id"]: row for row in map(json.loads, packed_rows(session, job_id))}
    for row_id, row in packed.items():
        if row_id not in now:
            wrong.append(f"transaction {row_id} of {row['date']}, {row['amount']} {row['currency']}, was deleted")
        elif now[row_id] != row:
            names = [name for name in row if now[row_id].get(name) != row[name]]
            parts = ", ".join(f"{name} was {row[name]}, is {now[row_id].get(name)}" for name in names)
            wrong.append(f"transaction {row_id} of {row['date']} was altered: {parts}")
    for answer in packed_answers(session, job_id):
        known = answers.pop(answer["id"], None)
        if known is not None and known["sha256"] != answer["sha256"]:
            wrong.append(f"the hash of answer {answer['id']} was altered")
    return wrong + [f"answer {answer_id} was deleted" for answer_id in answers]


def _contradictions(contents: dict[str, bytes]) -> list[str]:
    """Members that contradict each other: counts against rows, rows against answers, windows against answers."""
    job, answers = json.loads(contents["job.json"]), json.loads(contents["answers.json"])
    rows = [json.loads(line) for line in contents["rows.ndjson"].splitlines()]
    ids = {answer["id"] for answer in answers}
    changed = {change["transaction_id"] for change in json.loads(contents["changes.json"])}
    wrong = [
        f"transaction {row['id']} comes from an answer that the pack does not list"
        for row in rows
        if row["raw_response_id"] not in ids and row["id"] not in changed
    ]
    booked = Counter(row["status"] for row in rows)["booked"]
    if booked != job["totals"]["synced"] and job["status"] != "undone":
        wrong.append(f"the job counts {job['totals']['synced']} rows, but the pack contains {booked}")
    rejected = len(json.loads(contents["rejected.json"]))
    if rejected != job["totals"]["errors"]:
        wrong.append(f"the job counts {job['totals']['errors']} rejected rows, but the pack lists {rejected}")
    wrong.extend(
        f"the window {window['from']} to {window['to']} is marked complete without an answer"
        for window in json.loads(contents["asks.json"])
        if window["state"] == "completed" and window["answer_id"] not in ids
    )
    return wrong
