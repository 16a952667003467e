"""`bankimport audit`: check the audit log."""

from dataclasses import asdict
from typing import Annotated

import typer

from bankimport.cli.console import AsJson, errors_shown, out, show
from bankimport.cli.local import join_installation
from bankimport.db.session import session_scope
from bankimport.errors import InvalidRequest
from bankimport.users.audit.chain import check_chain, read_head

app = typer.Typer(help="Check the audit log.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Check the audit log."""


@app.command()
def verify(
    head: Annotated[
        str | None, typer.Option(help="A head that an earlier run printed; it has to be in the chain still.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check that no entry of the audit log was changed or removed; exits with status 1 otherwise.

    Write down the head that it prints, outside this machine. Anyone who controls the database can change entries and
    compute the chain again, but not to the same head.
    """
    with errors_shown(as_json):
        join_installation()
        known = None if head is None else read_head(head)
        if head is not None and known is None:
            raise InvalidRequest(f"{head} is not a head; it looks like 17:5f0c…, as this command prints it")
        with session_scope() as session:
            report = check_chain(session, known)

        def print_report() -> None:
            for finding in report.findings:
                out.print(finding)
            forgotten = f", {report.forgotten} of them of erased users" if report.forgotten else ""
            state = "is unchanged" if not report.findings else "is NOT as it was written"
            out.print(f"the audit log {state}: {report.entries} entries{forgotten}")
            out.print(f"head {report.head or '-'}", soft_wrap=True)

        show(asdict(report), as_json, print_report)
    if report.findings:
        raise typer.Exit(1)
