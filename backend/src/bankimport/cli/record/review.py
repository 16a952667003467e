"""`bankimport review`: what only the user can decide."""

from typing import Annotated

import typer

from bankimport.cli.console import AsJson, errors_shown, out, show, table
from bankimport.cli.local import ForUser, acting_as
from bankimport.errors import InvalidRequest
from bankimport.imports.changes.review import decide, reopen
from bankimport.imports.changes.router import review_list
from bankimport.imports.changes.schemas import ReviewList
from bankimport.imports.models import ReviewDecision


def review(
    review_id: Annotated[int | None, typer.Argument(help="What to decide; left out: list what waits.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep what is stored.")] = False,
    take: Annotated[bool, typer.Option("--take", help="Take the bank's side.")] = False,
    again: Annotated[bool, typer.Option("--reopen", help="Take your decision back.")] = False,
    decided: Annotated[bool, typer.Option("--decided", help="List what was decided.")] = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """List rows on which you and the bank, or the bank today and yesterday, disagree; and decide."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        if keep + take + again != (review_id is not None):
            raise InvalidRequest("name a review and --keep, --take or --reopen, or leave all out to list what waits")
        if review_id is not None and again:
            reopen(session, owner.id, review_id)
        elif review_id is not None:
            decide(session, owner.id, review_id, ReviewDecision.KEPT if keep else ReviewDecision.TAKEN)
        found = review_list(session, owner.id, is_open=not decided, limit=200, cursor=None)
    show(found, as_json, lambda: _print_reviews(found))


def _print_reviews(found: ReviewList) -> None:
    if not found.reviews:
        out.print("nothing waits for your decision")
        return
    rows = table(">review", "day", ">amount", "description", "what", "yours", "the bank's")
    for item in found.reviews:
        row = item.transaction
        is_lacking = not item.banks
        what = "the bank lists it no more" if is_lacking else "the bank says otherwise"
        rows.add_row(
            str(item.id),
            str(row.date),
            f"{row.amount:f}",
            row.description,
            what,
            "" if is_lacking else str(item.ours),
            "" if is_lacking else str(item.banks),
        )
    out.print(rows)
    out.print("[dim]decide with `bankimport review ID --keep` or `--take`[/dim]")
