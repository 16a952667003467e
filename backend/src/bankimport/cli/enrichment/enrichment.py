"""`bankimport enrichment`: merchants and categories, and what they cost."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bankimport.cli.console import AsJson, checked, errors_shown, escaped, out, show
from bankimport.cli.enrichment.scores import print_score
from bankimport.cli.enrichment.tables import print_calls, print_doubts, print_jobs, print_origin, print_preview
from bankimport.cli.ids import parse_id
from bankimport.cli.local import ForUser, acting_as
from bankimport.clock import utc_now
from bankimport.enrichment import review, views
from bankimport.enrichment.model.private_names import set_private_names
from bankimport.enrichment.origin import origin_of
from bankimport.enrichment.quality.compare import read_score
from bankimport.enrichment.quality.evaluate import evaluate_for, evaluate_without_model, shipped_set
from bankimport.enrichment.quality.score import read_labelled
from bankimport.enrichment.requests import new_job
from bankimport.enrichment.rules_schemas import RulePreviewRead
from bankimport.enrichment.run import apply_rule, jobs
from bankimport.enrichment.run import undo as undoing
from bankimport.enrichment.run.estimate import estimate as estimate_job
from bankimport.enrichment.schemas import DoubtList, EnrichmentList, EnrichmentRequest, EnrichmentUndoRead
from bankimport.errors import InvalidRequest
from bankimport.money import Money, parse_money

app = typer.Typer(help="Give rows their merchant and category, at a known cost.", no_args_is_help=True)

OfImport = Annotated[int | None, typer.Option("--import", parser=parse_id, help="Only rows of this import.")]
NoModel = Annotated[bool, typer.Option("--no-model", help="Only rules, corrections, cache and the bank's categories.")]
Refresh = Annotated[bool, typer.Option("--refresh", help="Replace answers of another model or an older prompt.")]
Cap = Annotated[str | None, typer.Option("--cap", metavar="'0.50 USD'", help="Maximum cost.")]
JobId = Annotated[int, typer.Argument(parser=parse_id, help="The enrichment job.")]


@app.command()
def run(
    of_import: OfImport = None,
    no_model: NoModel = False,
    refresh: Refresh = False,
    cap: Cap = None,
    at: Annotated[datetime | None, typer.Option("--at", help="Do not start before this time (UTC).")] = None,
    estimate: Annotated[bool, typer.Option("--estimate", help="Only show the estimate.")] = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Enrich rows; follow it with `bankimport enrichment status`."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        request = _request(of_import, no_model, refresh, cap, at)
        if not estimate:
            made = views.job_read(session, jobs.create_job(session, owner.id, new_job(request)))
            show(made, as_json, lambda: print_jobs([made]))
            return
        found = views.estimate_read(estimate_job(session, owner.id, new_job(request)))
    cost = "unknown" if found.cost is None else f"{found.cost:f} {found.currency}"
    about = "" if found.rows_read == found.transactions else f" (estimated from {found.rows_read:,} of them)"
    words = (
        f"{found.transactions} rows{about}, {found.without_model} need no model; {found.merchants_to_ask} merchants "
        + (f"in {found.calls} calls to {found.model}, at most {cost}" if found.model else "would need one")
    )
    if found.fault is not None:
        words += f"\n  [yellow]![/yellow] it would stop before its first call: {found.fault}"
    show(found, as_json, lambda: out.print(words, soft_wrap=True))


@app.command()
def status(
    job_id: Annotated[int | None, typer.Argument(parser=parse_id, help="One job; default: the newest.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 20,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Show the state of enrichment."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        if job_id is None:
            listed: EnrichmentList = views.job_list(session, owner.id, limit=limit, before=None)
            show(listed, as_json, lambda: print_jobs(listed.jobs))
            return
        found = views.job_read(session, jobs.job_of(session, owner.id, job_id))
    show(found, as_json, lambda: print_jobs([found]))


@app.command()
def pause(job_id: JobId, user: ForUser = None, as_json: AsJson = False) -> None:
    """Pause a job after the call in progress."""
    _control("pause", job_id, user, as_json)


@app.command()
def resume(job_id: JobId, cap: Cap = None, user: ForUser = None, as_json: AsJson = False) -> None:
    """Resume a job, with a new cap if one is given."""
    _control("resume", job_id, user, as_json, cap)


@app.command()
def cancel(job_id: JobId, user: ForUser = None, as_json: AsJson = False) -> None:
    """Cancel a job; what it wrote stays."""
    _control("cancel", job_id, user, as_json)


@app.command()
def undo(job_id: JobId, user: ForUser = None, as_json: AsJson = False) -> None:
    """Restore the rows that an ended job changed; rules and what was learned stay."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        job, restored, unchanged = undoing.undo_job(session, owner.id, job_id)
        found = EnrichmentUndoRead(job=views.job_read(session, job), rows_back=restored, changed_since=unchanged)
    show(found, as_json, lambda: out.print(f"{restored} rows restored; {unchanged} were changed since and stay"))


@app.command()
def origin(
    transaction_id: Annotated[int, typer.Argument(parser=parse_id, help="The row.")],
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Show where a row's merchant and category came from."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        found = origin_of(session, owner.id, transaction_id)
    show(found, as_json, lambda: print_origin(found))


@app.command()
def preview(
    of_import: OfImport = None,
    refresh: Refresh = False,
    limit: Annotated[int, typer.Option(min=1, max=50, help="Maximum number of texts.")] = 5,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Print the exact texts that would be sent to the model; nothing is sent."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        new = new_job(_request(of_import, False, refresh, None, None))
        outgoing = views.outgoing_read(session, owner.id, new, limit)

    def print_texts() -> None:
        for text in (outgoing.instructions, *outgoing.prompts):
            sys.stdout.write(text + "\n\n")
        out.print(f"[dim]{len(outgoing.prompts)} of {outgoing.calls} texts; each is preceded by the first one[/dim]")

    show(outgoing, as_json, print_texts)


@app.command()
def names(
    add: Annotated[list[str] | None, typer.Option("--add", help="Your own name; may be repeated.")] = None,
    remove: Annotated[
        list[str] | None, typer.Option("--remove", help="A name that you added; may be repeated.")
    ] = None,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """List the names that are removed from everything sent to the model; add or remove your own."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        missing = sorted(set(remove or []) - set(owner.private_names))
        if missing:
            raise InvalidRequest(f"{missing[0]!r} is not one of the names that you added")
        if add or remove:
            chosen_names = {*owner.private_names, *(add or [])} - set(remove or [])
            set_private_names(session, owner.id, sorted(chosen_names))
        found = views.names_read(session, owner.id)
    own, cards = ", ".join(found.names) or "none yet", ", ".join(found.from_cards) or "none"
    banks = ", ".join(found.from_banks) or "nothing yet"
    words = f"yours: {own}; from your banks: {banks}; on your cards: {cards}; in your address: {found.email}"
    show(found, as_json, lambda: out.print(words, soft_wrap=True))


@app.command("calls")
def list_calls(
    job_id: JobId,
    limit: Annotated[int, typer.Option(min=1, max=200, help="Maximum number of calls.")] = 50,
    cursor: Annotated[int | None, typer.Option(help="`next_cursor` of the previous page.")] = None,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """List a job's model calls, newest first: tokens, cost, latency, prompt version."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        found = views.calls_read(session, owner.id, job_id, limit=limit, before=cursor)
    show(found, as_json, lambda: print_calls(found))


@app.command("review")
def list_review(
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50, user: ForUser = None, as_json: AsJson = False
) -> None:
    """List merchants that enrichment is not sure of, most money first."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        found: DoubtList = views.doubts_read(session, owner.id, limit=limit, offset=0)
    show(found, as_json, lambda: print_doubts(found))


@app.command()
def correct(
    transaction_id: Annotated[
        int, typer.Argument(parser=parse_id, help="The row; the review queue lists one of each merchant.")
    ],
    merchant: Annotated[str | None, typer.Option(help="The correct merchant.")] = None,
    category: Annotated[str | None, typer.Option(help="The correct category.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Also change the merchant's stored rows.")] = False,
    dry_run: Annotated[bool, typer.Option("--preview", help="Only show which other rows it would change.")] = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Correct a row, and learn it for its merchant."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        if dry_run:
            found = review.preview_correction(session, owner.id, transaction_id, merchant, category)
            preview_of_correction: RulePreviewRead = views.preview_read(found)
            show(preview_of_correction, as_json, lambda: print_preview(preview_of_correction))
            return
        rule = review.correct(session, owner.id, transaction_id, merchant, category)
        job = apply_rule.apply_if_it_fits(session, owner.id, rule) if apply else None
        made = views.rule_read(rule, job.id if job else None)
    again = f"; enrichment {made.enrichment_job_id} applies it" if made.enrichment_job_id else ""
    show(made, as_json, lambda: out.print(f"learned for {escaped(repr(made.pattern))} ({made.direction}){again}"))


@app.command()
def spend(user: ForUser = None, as_json: AsJson = False) -> None:
    """Show what the model cost this month."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        found = views.spend_read(session, owner.id, utc_now())
    known = " and ".join(f"{money.amount:f} {money.currency}" for money in found.amounts) or "nothing"
    unknown = f" and {found.calls_of_unknown_price} calls of unknown price" if found.calls_of_unknown_price else ""
    words = (
        f"{found.month}: {known}{unknown}; {found.calls} calls, "
        f"{found.input_tokens} tokens in, {found.output_tokens} out; cap {found.monthly_cap or 'none'}"
    )
    show(found, as_json, lambda: out.print(words, soft_wrap=True))


@app.command()
def evaluate(
    file: Annotated[Path | None, typer.Argument(help="Labelled rows; default: the included set.")] = None,
    mine: Annotated[bool, typer.Option("--mine", help="With your rules and cached answers.")] = False,
    model: Annotated[bool, typer.Option("--model", help="Also call the model; this costs money.")] = False,
    compare: Annotated[Path | None, typer.Option("--compare", help="An earlier result from --json.")] = None,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Score the ladder on labelled descriptions."""
    with errors_shown(as_json):
        labelled = read_labelled(shipped_set() if file is None else _text_of(file))
        before = None if compare is None else read_score(_text_of(compare))
        if mine or model:
            with acting_as(user) as (_, owner):
                owner_id = owner.id
            found = evaluate_for(owner_id, labelled, with_model=model)
        else:
            found = evaluate_without_model(labelled)
        show(found, as_json, lambda: print_score(found, before))


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"{file} cannot be read: {error}") from None


def _request(
    of_import: int | None, no_model: bool, refresh: bool, cap: str | None, at: datetime | None
) -> EnrichmentRequest:
    return checked(
        EnrichmentRequest,
        import_job_id=of_import,
        uses_model=not no_model,
        is_refresh=refresh,
        cap=cap,
        enrich_at=at.replace(tzinfo=UTC) if at is not None else None,
    )


def _control(action: str, job_id: int, user: str | None, as_json: bool, cap: str | None = None) -> None:
    with errors_shown(as_json), acting_as(user) as (session, owner):
        match action:
            case "pause":
                job = jobs.pause_job(session, owner.id, job_id)
            case "resume":
                job = jobs.resume_job(session, owner.id, job_id, _money(cap))
            case _:
                job = jobs.cancel_job(session, owner.id, job_id)
        found = views.job_read(session, job)
    show(found, as_json, lambda: print_jobs([found]))


def _money(text: str | None) -> Money | None:
    try:
        return parse_money(text) if text else None
    except ValueError as error:
        raise InvalidRequest(f"--cap {error}; for example --cap '0.50 USD'") from None
