"""Check the chain of the audit log: each entry's hash covers what it says and the hash of the entry before.

PostgreSQL chains an entry when its transaction commits; the application may neither change nor delete one. Anyone who
may can also compute all hashes again, so write down the head somewhere else now and then.
"""

import hashlib
from dataclasses import dataclass, field

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from bankimport.users.models import AuditEntry

ENTRIES_AT_A_TIME = 1000


@dataclass(slots=True)
class ChainReport:
    """What a check found: `findings` in words, none if all is well. `forgotten` entries are of users who were erased:
    what they said is gone, and they are still in the chain. `head` is the newest position and hash, `17:5f0c…`."""

    entries: int = 0
    forgotten: int = 0
    head: str | None = None
    findings: list[str] = field(default_factory=list)


def read_head(text: str) -> tuple[int, str] | None:
    """The position and hash of a head as `check_chain` reports it; None if it is none."""
    position, _, digest = text.strip().partition(":")
    return (int(position), digest.lower()) if position.isdecimal() and digest else None


def check_chain(session: Session, known_head: tuple[int, str] | None = None) -> ChainReport:
    """Check every entry of the installation, oldest first; the session sees all users' rows.

    `known_head` is a head that was written down earlier; it has to be in the chain.
    """
    entry = AuditEntry
    moment = func.to_char(func.timezone("UTC", entry.created_at), "YYYY-MM-DD HH24:MI:SS.US")
    written = cast(entry.details, Text).label("written")
    statement = select(entry, written, moment.label("at")).order_by(entry.position.nulls_last(), entry.id)
    report, before, last, has_head = ChainReport(), b"", 0, known_head is None
    for row, details, at in session.execute(statement.execution_options(yield_per=ENTRIES_AT_A_TIME)):
        report.entries += 1
        if row.position is None or row.hash is None or row.digest is None:
            report.findings.append(f"entry {row.id} is not in the chain")
            continue
        if row.position != last + 1:
            report.findings.append(f"{row.position - last - 1} entries are missing before entry {row.id}")
        if row.nonce is None:
            report.forgotten += 1
            if row.details or row.user_id is not None:
                report.findings.append(f"entry {row.id} is of a user who was erased, and says something again")
        elif _sha256(row.nonce, f"{row.user_id or ''}\n{details}".encode()) != row.digest:
            report.findings.append(f"entry {row.id} does not say what it said at first")
        named = f"{row.position}\n{row.id}\n{row.action}\n{at}".encode()
        if _sha256(before, named, row.digest) != row.hash:
            report.findings.append(f"entry {row.id}, or the one before it, was changed")
        before, last = row.hash, row.position
        report.head = f"{last}:{before.hex()}"
        has_head = has_head or (last, before.hex()) == known_head
    if not has_head:
        report.findings.append("the head that you wrote down is not in the chain: entries were removed or replaced")
    return report


def _sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()
