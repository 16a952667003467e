"""Print jobs, calls, doubts, previews and origins of enrichment."""

from decimal import Decimal

from bankimport.cli.console import escaped, out, table
from bankimport.enrichment.rules_schemas import RulePreviewRead
from bankimport.enrichment.schemas import DoubtList, EnrichmentRead, LlmCallList, OriginRead


def print_origin(found: OriginRead) -> None:
    """Print where a row's merchant and category came from."""
    lines = table("", "value", "from", ">sure", "because of", "rule", "model", "prompt", "since")
    for name, field in (("merchant", found.merchant), ("category", found.category)):
        lines.add_row(
            name,
            field.value or "",
            field.source or "",
            "" if field.confidence is None else f"{field.confidence:.0%}",
            field.reason or "",
            field.rule.id if field.rule else "",
            field.model or "",
            field.prompt_version or "",
            f"{field.since:%Y-%m-%d %H:%M}",
        )
    out.print(lines)
    out.print(f"[dim]merchant key {escaped(repr(found.merchant_key))}, money {found.direction.value}[/dim]")


def print_preview(found: RulePreviewRead) -> None:
    """Print what a rule or correction would change."""
    out.print(
        f"{found.matching} rows match, {found.changing} would change, {found.kept_by_user} keep your edits, "
        f"{found.said_earlier} are decided by an earlier rule",
        soft_wrap=True,
    )
    lines = table(">row", ">amount", "description", "category now", "then", "merchant now", "then")
    for item in found.samples:
        lines.add_row(
            item.transaction_id,
            f"{item.amount:f}",
            item.description,
            item.category or "",
            item.category_after or "",
            item.merchant or "",
            item.merchant_after or "",
        )
    if found.samples:
        out.print(lines)


def _cost(amount: Decimal | None, currency: str | None) -> str:
    return "unknown" if amount is None else f"{amount:f} {currency or ''}".strip()


def print_jobs(found: list[EnrichmentRead]) -> None:
    """Print enrichment jobs."""
    if not found:
        out.print("nothing was enriched yet; start with `bankimport enrichment run`")
        return
    lines = table(">job", ">import", "status", ">done", ">of", ">with category", ">failed", ">calls", "cost", "message")
    for job in found:
        lines.add_row(
            job.id,
            job.import_job_id or "",
            job.job_status.value,
            str(job.processed),
            str(job.total_transactions),
            str(job.successful),
            str(job.failed),
            str(job.calls),
            _cost(job.total_cost, job.currency),
            job.error_message or "",
        )
    out.print(lines)


def print_calls(found: LlmCallList) -> None:
    """Print the model calls of a job."""
    if not found.calls:
        out.print("it called no model")
        return
    lines = table("sent", "model", "prompt", "answer", ">merchants", ">in", ">cached", ">out", ">ms", ">cost")
    for call in found.calls:
        lines.add_row(
            f"{call.called_at:%m-%d %H:%M:%S}",
            call.model,
            call.prompt_version,
            call.status.value + (f": {call.error}" if call.error else ""),
            *(str(number) for number in (call.merchants, call.input_tokens, call.cached_tokens, call.output_tokens)),
            "" if call.latency_ms is None else str(call.latency_ms),
            _cost(call.amount, call.currency),
        )
    out.print(lines)
    if found.next_cursor:
        out.print(f"[dim]more: --cursor {found.next_cursor}[/dim]")


def print_doubts(found: DoubtList) -> None:
    """Print the merchants that enrichment is not sure of."""
    if not found.doubts:
        out.print("enrichment is sure of all its results")
        return
    lines = table(">row", ">rows", ">money", "way", "description", "category", ">sure")
    for item in found.doubts:
        sure = "" if item.confidence is None else f"{item.confidence:.0%}"
        money = f"{item.money:f} {item.currency}"
        lines.add_row(
            item.example_id, str(item.rows), money, item.direction.value, item.example, item.category or "", sure
        )
    out.print(lines)
    out.print("[dim]correct one with `bankimport enrichment correct ROW --category NAME --apply`[/dim]")
