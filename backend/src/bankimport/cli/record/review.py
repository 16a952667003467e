"""`bankimport review`: conflicts that only the user can decide."""

from typing import Annotated

import typer

from bankimport.cli.console import AsJson, errors_shown, out, show, table
from bankimport.cli.ids import parse_id
from bankimport.cli.local import ForUser, acting_as
from bankimport.errors import InvalidRequest
from bankimport.imports.changes.review import decide, reopen
from bankimport.imports.changes.review_views import review_list
from bankimport.imports.changes.schemas import ReviewList
from bankimport.imports.models import ReviewDecision, ReviewKind

_KIND_WORDS = {
    ReviewKind.BANK_LACKS_ROW: "the bank no longer lists it",
    ReviewKind.BANK_DISAGREES: "the bank reports another value",
    ReviewKind.UNSURE_WHICH: "your edits may belong to another payment",
}


def review(
    review_id: Annotated[
        int | None, typer.Argument(parser=parse_id, help="The item to decide; default: list open items.")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep what is stored.")] = False,
    take: Annotated[bool, typer.Option("--take", help="Accept the bank's side.")] = False,
    again: Annotated[bool, typer.Option("--reopen", help="Undo your decision.")] = False,
    decided: Annotated[bool, typer.Option("--decided", help="List decided items.")] = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """List rows on which you and the bank, or the bank today and yesterday, disagree; and decide."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        if keep + take + again != (review_id is not None):
            raise InvalidRequest("give a review and --keep, --take or --reopen, or nothing to list the open items")
        if review_id is not None and again:
            reopen(session, owner.id, review_id)
        elif review_id is not None:
            decide(session, owner.id, review_id, ReviewDecision.KEPT if keep else ReviewDecision.TAKEN)
        page = review_list(session, owner.id, is_open=not decided, limit=200, cursor=None)
    show(page, as_json, lambda: _print_reviews(page))


def _print_reviews(page: ReviewList) -> None:
    if not page.reviews:
        out.print("nothing to review")
        return
    rows = table(">review", "day", ">amount", "description", "what", "yours", "the bank's")
    for item in page.reviews:
        row = item.transaction
        is_lacking = not item.banks
        kind_words = _KIND_WORDS[item.kind]
        rows.add_row(
            str(item.id),
            str(row.date),
            f"{row.amount:f}",
            row.description,
            kind_words,
            "" if is_lacking else str(item.ours),
            "" if is_lacking else str(item.banks),
        )
    out.print(rows)
    out.print("[dim]decide with `bankimport review ID --keep` or `--take`[/dim]")
