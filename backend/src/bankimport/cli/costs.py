"""`bankimport costs`: what imports and enrichment cost, planned against actual."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from bankimport.cli.console import AsJson, errors_shown, escaped, out, show, table
from bankimport.cli.days import parse_day
from bankimport.cli.ids import parse_id
from bankimport.cli.imports.imports import cost_in_words
from bankimport.cli.local import ForUser, acting_as
from bankimport.clock import utc_now, utc_today
from bankimport.costs import report, rows
from bankimport.costs.charges import charge_rows
from bankimport.costs.grouping import GroupBy
from bankimport.costs.schemas import (
    CallRows,
    ChargeRows,
    ConnectionMonthRows,
    CostsRead,
    EnrichmentRows,
    ImportRows,
    LlmCallRows,
    SpentRead,
)
from bankimport.enrichment.model.month_cap import CapState
from bankimport.pricing.cost import CostKind
from bankimport.pricing.schemas import CostRead


class RowsOf(StrEnum):
    """The rows behind the figures."""

    CHARGES = "charges"
    CALLS = "calls"
    IMPORTS = "imports"
    CONNECTION_MONTHS = "connection-months"
    LLM_CALLS = "llm-calls"
    ENRICHMENTS = "enrichments"


_ONE = {
    CostKind.CONNECTION_MONTH: "connection month",
    CostKind.CALLS: "call to a bank",
    CostKind.ENRICHMENT: "call to a model",
}
_WORDS = {
    CostKind.CONNECTION_MONTH: "connection months",
    CostKind.CALLS: "calls to banks",
    CostKind.ENRICHMENT: "calls to models",
}

_STATES = {
    CapState.FREE: "it is not near",
    CapState.NEAR: "it is nearly used up",
    CapState.REACHED: "it is used up",
}


def costs(
    from_date: Annotated[
        date | None, typer.Option("--from", parser=parse_day, metavar="DAY", help="First day; default: of this month.")
    ] = None,
    to_date: Annotated[
        date | None, typer.Option("--to", parser=parse_day, metavar="DAY", help="Last day; default: today.")
    ] = None,
    by: Annotated[GroupBy, typer.Option("--by", help="What to split by.")] = GroupBy.IMPORT,
    behind: Annotated[RowsOf | None, typer.Option("--rows", help="Print the rows behind the figures instead.")] = None,
    connection: Annotated[
        int | None,
        typer.Option(
            "--connection", parser=parse_id, help="With --rows: only of this connection; 0: of no particular one."
        ),
    ] = None,
    job: Annotated[
        int | None, typer.Option("--import", parser=parse_id, help="With --rows: only of this import; 0: of none.")
    ] = None,
    model: Annotated[str | None, typer.Option("--model", help="With --rows llm-calls: only to this model.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="With --rows: maximum number.")] = 50,
    cursor: Annotated[str | None, typer.Option(help="With --rows: `next_cursor` of the previous page.")] = None,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Show what imports and enrichment cost, planned against actual, and the forecast of the month."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        span = report.checked_span(from_date, to_date, utc_today())
        filters = rows.RowsFilter(span, connection_id=connection, job_id=job, limit=limit, cursor=cursor)
        match behind:
            case None:
                spent = report.costs_read(session, owner.id, span, by, utc_now())
                show(spent, as_json, lambda: _print_costs(spent))
            case RowsOf.CHARGES:
                charges = charge_rows(session, owner.id, filters)
                show(charges, as_json, lambda: _print_charges(charges))
            case RowsOf.CALLS:
                calls = rows.call_rows(session, owner.id, filters)
                show(calls, as_json, lambda: _print_calls(calls))
            case RowsOf.IMPORTS:
                imports = rows.import_rows(session, owner.id, filters)
                show(imports, as_json, lambda: _print_imports(imports))
            case RowsOf.CONNECTION_MONTHS:
                months = rows.connection_month_rows(session, owner.id, filters)
                show(months, as_json, lambda: _print_months(months))
            case RowsOf.LLM_CALLS:
                llm_calls = rows.llm_call_rows(session, owner.id, filters, model=model, currency=None)
                show(llm_calls, as_json, lambda: _print_llm_calls(llm_calls))
            case RowsOf.ENRICHMENTS:
                enrichments = rows.enrichment_rows(session, owner.id, filters)
                show(enrichments, as_json, lambda: _print_enrichments(enrichments))


def _print_costs(spent: CostsRead) -> None:
    days, planned, actual = spent.date_range, spent.imports.planned, spent.imports.actual
    out.print(f"[bold]{days.first} to {days.last}[/bold]: {_spent(spent.cost)}", soft_wrap=True)
    for part in spent.cost.parts:
        amount = "unknown" if part.amount is None else f"{part.amount:f} {part.currency or ''}".strip()
        out.print(f"  {part.quantity} {_WORDS[part.what]}: {amount}  [dim]{part.note}[/dim]", soft_wrap=True)
    out.print(
        f"{spent.imports.count} imports: {actual.api_calls} calls of {planned.api_calls} planned, "
        f"{actual.transactions} rows of {planned.transactions}, {actual.duration_seconds} s of "
        f"{planned.duration_seconds}; {spent.calls.outside_imports} calls outside imports",
        soft_wrap=True,
    )
    _print_models(spent)
    lines = table(spent.group_by.value, ">calls", ">planned", ">rows", ">seconds", ">sent to models", "cost")
    for group in spent.groups:
        lines.add_row(
            group.label,
            str(group.calls),
            str(group.planned.api_calls),
            str(group.actual.transactions),
            str(group.actual.duration_seconds),
            str(group.llm_calls),
            cost_in_words(group.cost),
        )
    out.print(lines)
    if spent.rest is not None:
        out.print(
            f"and {spent.rest.groups} more, together {cost_in_words(spent.rest.cost)}; choose fewer days to see each"
        )
    out.print(
        f"{spent.month.month}: {_spent(spent.month.spent)} so far, {cost_in_words(spent.month.projected)} expected"
    )
    if (cap := spent.month.cap) is not None:
        out.print(
            f"your enrichment used {cap.yours:f} of the cap of {cap.amount:f} {cap.currency} a month "
            f"({cap.yours_percent:g} %)" + (f", which all users share: {_STATES[cap.state]}" if cap.is_shared else "")
        )
    out.print(f"  [dim]{spent.month.how}[/dim]", soft_wrap=True)
    for item in spent.estimates:
        if item.imports:
            off = ", ".join(
                f"{name} {percent:.0f} %"
                for name, percent in (
                    ("calls", item.calls_off_percent),
                    ("rows", item.transactions_off_percent),
                    ("seconds", item.duration_off_percent),
                )
                if percent is not None
            )
            out.print(f"estimates of {escaped(item.bank)} were off by {off} over {item.imports} imports")


def _print_models(spent: CostsRead) -> None:
    for item in spent.enrichment.models:
        out.print(
            f"{item.model}: {item.calls} calls, {item.failed} of them failed, for {item.merchants} merchants; "
            f"{item.input_tokens} tokens in, {item.cached_tokens} of them cached, {item.output_tokens} out: "
            f"{cost_in_words(item.cost)}",
            soft_wrap=True,
        )
    saved = spent.enrichment.saved
    if saved.transactions:
        worth = "an unknown amount" if saved.amount is None else f"about {saved.amount:f} {saved.currency}"
        out.print(f"{saved.transactions} rows were answered from the cache, which saved {worth}")


def _spent(spent: SpentRead) -> str:
    return cost_in_words(
        CostRead(amount=spent.amount, currency=spent.currency, amounts=spent.amounts, unknown=spent.unknown)
    )


def _print_charges(page: ChargeRows) -> None:
    lines = table(">call", "paid for", "when", "bank or model", ">import", ">amount")
    for row in page.charges:
        lines.add_row(
            str(row.id),
            _ONE[row.what],
            f"{row.charged_at:%Y-%m-%d %H:%M:%S}",
            row.charged_by,
            str(row.job_id or ""),
            "unknown" if row.amount is None else f"{row.amount:f} {row.currency or ''}".strip(),
        )
    out.print(lines)


def _print_calls(page: CallRows) -> None:
    lines = table(">call", "sent", "bank", "endpoint", ">import", "status", ">ms")
    for row in page.calls:
        lines.add_row(
            str(row.id),
            f"{row.called_at:%Y-%m-%d %H:%M:%S}",
            row.bank,
            row.endpoint,
            str(row.job_id or ""),
            str(row.error_code or row.status or "unanswered"),
            str(row.elapsed_ms if row.elapsed_ms is not None else ""),
        )
    out.print(lines)


def _print_imports(page: ImportRows) -> None:
    lines = table(
        ">import", "bank", "status", ">calls", ">planned", ">rows", ">planned", ">seconds", ">planned", "cost"
    )
    for row in page.imports:
        lines.add_row(
            str(row.job_id),
            row.bank,
            row.status.value,
            str(row.actual.api_calls),
            str(row.planned.api_calls),
            str(row.actual.transactions),
            str(row.planned.transactions),
            str(row.actual.duration_seconds),
            str(row.planned.duration_seconds),
            cost_in_words(row.cost),
        )
    out.print(lines)


def _print_months(page: ConnectionMonthRows) -> None:
    lines = table("month", ">connection", "bank", "begun", ">import", ">amount")
    for row in page.connection_months:
        amount = "unknown" if row.amount is None else f"{row.amount:f} {row.currency}"
        begun = f"{row.begun_at:%Y-%m-%d %H:%M}"
        lines.add_row(row.month, str(row.connection_id), row.bank, begun, str(row.job_id or ""), amount)
    out.print(lines)


def _print_llm_calls(page: LlmCallRows) -> None:
    lines = table(">call", "sent", "model", ">import", "status", ">in", ">out", ">cost")
    for row in page.llm_calls:
        lines.add_row(
            str(row.id),
            f"{row.called_at:%m-%d %H:%M:%S}",
            row.model,
            str(row.job_id or ""),
            row.status.value,
            str(row.input_tokens),
            str(row.output_tokens),
            "unknown" if row.amount is None else f"{row.amount:f} {row.currency}",
        )
    out.print(lines)
    out.print("[dim]in, out: tokens; merchants, cached tokens, time and errors are in --json[/dim]")


def _print_enrichments(page: EnrichmentRows) -> None:
    lines = table(">enrichment", ">import", "began", "status", ">rows", ">from cache", ">sent to models", "cost")
    for row in page.enrichments:
        lines.add_row(
            str(row.enrichment_job_id),
            str(row.job_id or ""),
            f"{row.started_at:%Y-%m-%d %H:%M:%S}",
            row.status.value,
            str(row.transactions),
            str(row.from_memory),
            str(row.llm_calls),
            cost_in_words(row.cost),
        )
    out.print(lines)
