"""`bankimport verify`, `reparse` and `evidence`: check the stored data against the bank's answers."""

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel

from bankimport.audit.evidence import write_pack
from bankimport.audit.evidence_check import check_pack, check_signature, compare_with_record
from bankimport.audit.reparse import reparse as read_again
from bankimport.audit.signature import own_keys
from bankimport.audit.verify import verify_user
from bankimport.cli.console import AsJson, errors_shown, escaped, out, show
from bankimport.cli.ids import parse_id
from bankimport.cli.local import ForUser, acting_as
from bankimport.errors import InvalidRequest
from bankimport.users.record import record

OnlyAccount = Annotated[int | None, typer.Option("--account", parser=parse_id, help="Only of this account or card.")]


class Report(BaseModel):
    """The result of a check: `findings` in words, empty if all is well. `signed_by` is a public key, in hexadecimal."""

    is_sound: bool
    checked: dict[str, int]
    findings: list[str]
    signed_by: str | None = None


def verify(
    pack: Annotated[Path | None, typer.Argument(help="An evidence pack; default: the stored record.")] = None,
    stored: Annotated[bool, typer.Option("--stored", help="Compare the pack with the stored record too.")] = False,
    key: Annotated[
        list[str] | None, typer.Option("--key", help="Public key that must have signed the pack; repeat for others.")
    ] = None,
    account: OnlyAccount = None,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Check the stored record against the bank's stored answers, or an evidence pack on its own, without a network.

    Exits with status 1 if anything is wrong. With --stored the pack must be signed by this installation.
    """
    with errors_shown(as_json):
        report = _verify_record(account, user) if pack is None else _verify_pack(pack, user, key, stored=stored)
        sound = "all is as the bank said" if pack is None else "the pack is unchanged"
        if stored and pack is not None:
            sound += ", and so is the stored record"
        show(report, as_json, lambda: _print_report(report, sound))
    if not report.is_sound:
        raise typer.Exit(1)


def _verify_record(account: int | None, user: str | None) -> Report:
    with acting_as(user) as (session, owner):
        verification = verify_user(session, owner.id, account)
    findings = [finding.message for finding in verification.findings or []]
    checked = {"answers": verification.answers, "rows": verification.rows, "bodies_gone": verification.bodies_gone}
    return Report(is_sound=not findings, checked=checked, findings=findings)


def _verify_pack(path: Path, user: str | None, keys: list[str] | None, *, stored: bool) -> Report:
    trusted = None if keys is None else [key.lower() for key in keys]
    try:
        with path.open("rb") as file:
            findings = check_pack(file)
            if stored and not findings:
                with acting_as(user) as (session, owner):
                    findings = compare_with_record(session, owner.id, file)
                    trusted = own_keys() if trusted is None else trusted
            signer, wrong = check_signature(file, trusted)
    except OSError as error:
        raise InvalidRequest(f"{path} cannot be read: {error.strerror}") from None
    findings += wrong
    return Report(is_sound=not findings, checked={"packs": 1}, findings=findings, signed_by=signer)


def _print_report(report: Report, sound: str) -> None:
    counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in report.checked.items())
    counts = counts.replace("1 packs", "1 pack")
    for finding in report.findings:
        out.print(f"[red]✗[/red] {escaped(finding)}", soft_wrap=True)
    if report.is_sound:
        out.print(f"[green]✓[/green] {sound} ({counts})")
    else:
        many = len(report.findings)
        out.print(f"{many} {'fault' if many == 1 else 'faults'} found ({counts})")
    if report.signed_by is not None:
        out.print(f"signed by the key {report.signed_by}", soft_wrap=True)


def reparse(
    job: Annotated[int | None, typer.Option("--job", parser=parse_id, help="Only answers of this import.")] = None,
    account: OnlyAccount = None,
    write: Annotated[bool, typer.Option("--write", help="Update the rows; what you edited stays.")] = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Parse the stored answers again with today's rules, without calling a bank, and show which rows differ."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        result = read_again(session, owner.id, account_id=account, job_id=job, write=write)
    findings = [
        f"transaction {item.transaction_id}: "
        + ", ".join(f"{name} {item.before[name]!r} → {_as_text(item.after[name])}" for name in item.after)
        for item in result.differences
    ]
    checked = {
        "answers": result.answers,
        "rows": result.rows,
        "bodies_gone": result.bodies_gone,
        "bodies_altered": result.bodies_altered,
        "now_understood": result.understood,
    }
    report = Report(is_sound=not findings, checked=checked, findings=findings)

    def print_report() -> None:
        for finding in findings:
            out.print(escaped(finding), soft_wrap=True)
        outcome = "were updated" if write else "would change; --write updates them"
        out.print(f"{result.answers} answers and {result.rows} rows parsed again; {len(findings)} rows {outcome}")
        if result.understood:
            out.print(f"{result.understood} rejected rows can be read now: import their days again to store them")

    show(report, as_json, print_report)


def _as_text(value: Any) -> str:
    return repr(value.hex() if isinstance(value, bytes) else str(value))


def evidence(
    job_id: Annotated[int, typer.Argument(parser=parse_id, help="The import; it must have ended.")],
    output: Annotated[Path | None, typer.Option("--output", help="Where to write it.")] = None,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Write the evidence pack of an import: plan, requests, hashes of answers, decisions, proofs and calls in one
    zip."""
    with errors_shown(as_json):
        path = output or Path(f"bankimport-evidence-{job_id}.zip")
        fresh = path.with_name(path.name + ".new")
        try:
            with acting_as(user) as (session, owner), fresh.open("wb") as file:
                write_pack(session, owner.id, job_id, file)
                record(session, owner.id, "evidence.downloaded", job_id=job_id)
            fresh.replace(path)
        except OSError as error:
            raise InvalidRequest(f"{path} cannot be written: {error.strerror}") from None
        finally:
            fresh.unlink(missing_ok=True)
        report = Report(is_sound=True, checked={"packs": 1}, findings=[], signed_by=own_keys()[0])

        def print_made() -> None:
            out.print(f"wrote {escaped(str(path))}, signed by the key {report.signed_by}", soft_wrap=True)
            out.print(
                f"check it anywhere with `bankimport verify {escaped(str(path))} --key {report.signed_by}`",
                soft_wrap=True,
            )

        show(report, as_json, print_made)
