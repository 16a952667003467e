"""`bankimport provenance`: where a row came from, down to its position in the bank's answer."""

from typing import Annotated

import typer

from bankimport.audit.provenance import provenance_read
from bankimport.audit.schemas import ProvenanceRead
from bankimport.cli.console import AsJson, errors_shown, escaped, out, show, table
from bankimport.cli.ids import parse_id
from bankimport.cli.local import ForUser, acting_as


def provenance(
    transaction_id: Annotated[
        int, typer.Argument(parser=parse_id, help="The row; `bankimport transactions --json` shows its id.")
    ],
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Show which import, attempt and answer a row came from, and how it was changed since."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        source = provenance_read(session, owner.id, transaction_id)
    show(source, as_json, lambda: _print(source))


def _print(source: ProvenanceRead) -> None:
    rows = table("", "")
    body = "stored" if source.is_body_kept else "deleted, its hash remains"
    for name, value in (
        ("import", f"{source.import_job_id}, its values from an answer to import {source.answer_job_id}"),
        ("attempt", f"{source.attempt} by {source.worker}"),
        ("request", source.request),
        ("received", f"{source.received_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("correlation id", source.correlation_id or "none"),
        ("our correlation id", source.client_correlation_id),
        ("answer", f"{source.size_bytes} bytes, SHA-256 {source.sha256}, {body}"),
        ("position", str(source.position)),
    ):
        rows.add_row(name, value)
    out.print(rows)
    for change in source.changes:
        author = "you" if change.by_user else f"import {change.job_id}" if change.job_id else "enrichment"
        sides = ", ".join(f"{name}: {change.before.get(name)} → {value}" for name, value in change.after.items())
        out.print(f"{change.at:%Y-%m-%d %H:%M} {change.kind.value} by {author} {escaped(sides)}", soft_wrap=True)
