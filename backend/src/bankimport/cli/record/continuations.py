"""`bankimport continuations`: accounts that a bank lists again under a new provider id."""

from enum import StrEnum
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from bankimport.cli.console import AsJson, errors_shown, escaped, out, show, table
from bankimport.cli.ids import parse_id
from bankimport.cli.local import ForUser, acting_as
from bankimport.errors import InvalidRequest
from bankimport.imports.changes.continuation import NoSuchContinuation, continue_account, decline
from bankimport.imports.changes.continuation_undo import undo_continuation
from bankimport.imports.changes.continuation_views import ContinuationList, continuation_list


class Answer(StrEnum):
    """What the user says about an account."""

    CONTINUE = "continue"
    SEPARATE = "separate"
    UNDO = "undo"


def continuations(
    account: Annotated[
        int | None, typer.Argument(parser=parse_id, help="The account to decide about; left out: list all.")
    ] = None,
    joins: Annotated[bool, typer.Option("--continue", help="It continues the older account offered with it.")] = False,
    separate: Annotated[bool, typer.Option("--separate", help="The two are different; do not offer it again.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Separate it again from the account it continued last.")] = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """List accounts that seem to continue older ones under a bank's new id, and decide."""
    answers = [answer for answer, chosen in zip(Answer, (joins, separate, undo), strict=True) if chosen]
    with errors_shown(as_json), acting_as(user) as (session, owner):
        if len(answers) != (account is not None):
            raise InvalidRequest("name an account and one of --continue, --separate or --undo, or nothing to list all")
        if account is not None:
            _decide(session, owner.id, account, answers[0])
        offers = continuation_list(session, owner.id)
    show(offers, as_json, lambda: _print(offers))


def _decide(session: Session, user_id: int, account_id: int, answer: Answer) -> None:
    if answer is Answer.UNDO:
        undo_continuation(session, user_id, account_id)
        return
    offers = continuation_list(session, user_id).continuations
    old_id = next((int(offer.old.account_id) for offer in offers if int(offer.new.account_id) == account_id), None)
    if old_id is None:
        raise NoSuchContinuation(f"account {account_id} is not offered; see `bankimport continuations` for what is")
    if answer is Answer.CONTINUE:
        continue_account(session, user_id, account_id, old_id)
    else:
        decline(session, user_id, account_id, old_id)


def _print(offers: ContinuationList) -> None:
    if not offers.continuations and not offers.joined:
        out.print("no account continues another one")
        return
    if offers.continuations:
        rows = table(">account", "name", "may continue", "name ", "because of", ">equal rows", ">only new", ">only old")
        for offer in offers.continuations:
            rows.add_row(
                str(offer.new.account_id),
                escaped(offer.new.display_name),
                str(offer.old.account_id),
                escaped(offer.old.display_name),
                offer.evidence.value.replace("_", " "),
                str(offer.equal_rows),
                str(offer.rows_only_in_new),
                str(offer.rows_only_in_old),
            )
        out.print(rows)
        out.print("[dim]decide with `bankimport continuations ACCOUNT --continue` or `--separate`[/dim]")
    for join in offers.joined:
        out.print(
            f"account {join.account_id} continues {escaped(join.joined_name)} since {join.joined_at:%Y-%m-%d}; "
            f"separate them with `bankimport continuations {join.account_id} --undo`"
        )
