"""`bankimport proof`: how certain each day of each account is, and how to fetch broken days again."""

from typing import Annotated

import typer
from rich.text import Text

from bankimport.accounts import repository as accounts
from bankimport.cli.console import AsJson, errors_shown, escaped, out, show, table
from bankimport.cli.ids import parse_id
from bankimport.cli.local import ForUser, acting_as
from bankimport.proof.day_proof import Proof
from bankimport.proof.heal import heal
from bankimport.proof.prove import proof_read
from bankimport.proof.schemas import HealRead, ProofList, ProofRead, ProofStretchRead

COLOURS = {Proof.PROVEN: "green", Proof.BALANCED: "cyan", Proof.UNPROVABLE: "yellow", Proof.BROKEN: "red"}
WORDS = {
    "no_balances": "no two balances around it are known; each later import adds one",
    "no_earlier_balance": "no balance before it is known",
    "no_later_balance": "no balance after it is known; import again later",
    "rows_without_balance": "rows without a running balance",
    "not_over": "the day is not over",
    "not_held": "not stored",
    "maybe_cut_off": "the bank's balance implies more rows; its answer may have been cut off",
    "gap": "rows are missing between these days",
    "chain_broken": "its running balances do not connect",
    "sum_differs": "its rows do not add up to the balances around it",
    "repeated_rows": "the bank repeated rows: the same balance twice after the same amount",
    "rejected_rows": "a row of the bank's answer could not be read; `bankimport rejected` shows it",
}


def proof(
    account: Annotated[int | None, typer.Argument(parser=parse_id, help="Account or card; default: all.")] = None,
    again: Annotated[bool, typer.Option("--heal", help="Fetch the broken days of the account again.")] = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Show for every day how certain it is that its rows are complete, and why if it is not."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        if again and account is None:
            raise typer.BadParameter("name the account whose broken days should be fetched again")
        if again and account is not None:
            started = HealRead(job_ids=[job.id for job in heal(session, owner.id, account, None)])
            show(started, as_json, lambda: _print_started(started))
            return
        ids = [account] if account else [row.id for row in accounts.accounts_of_user(session, owner.id)]
        proofs = ProofList(accounts=[proof_read(session, owner.id, account_id) for account_id in ids])
    show(proofs, as_json, lambda: _print_proofs(proofs))


def _print_started(started: HealRead) -> None:
    for job_id in started.job_ids:
        out.print(f"import {job_id} fetches the broken days again; follow it with `bankimport status {job_id}`")


def _print_proofs(proofs: ProofList) -> None:
    if not proofs.accounts:
        out.print("no account yet; connect a bank with `bankimport connect`")
    for item in proofs.accounts:
        days = item.days
        out.print(
            f"[bold]{escaped(item.display_name)}[/bold] (account {item.account_id}): {days.proven} days proven, "
            f"{days.balanced} balanced, {days.unprovable} unprovable, {days.broken} broken"
        )
        if not item.strip:
            out.print("no day was requested yet; run `bankimport import`")
            continue
        rows = table("days", "answer", "proof", "why", ">missing")
        for stretch in item.strip:
            colour = COLOURS[stretch.proof]
            missing = f"{stretch.missing_amount:f} {item.currency}" if stretch.missing_amount is not None else ""
            rows.add_row(
                _days(stretch),
                "before the bank's history" if stretch.is_before_history else stretch.state.value.replace("_", " "),
                Text(stretch.proof.value, style=colour),
                _why(stretch),
                missing,
            )
        out.print(rows)
        _print_advice(item)


def _print_advice(item: ProofRead) -> None:
    if item.refetch:
        out.print(f"fetch days again that may lack rows: `bankimport proof {item.account_id} --heal`")


def _days(stretch: ProofStretchRead) -> str:
    return str(stretch.first) if stretch.first == stretch.last else f"{stretch.first} to {stretch.last}"


def _why(stretch: ProofStretchRead) -> str:
    words = WORDS.get(stretch.why or "", "")
    return f"{words} ({stretch.error_code})" if stretch.error_code else words
