"""`bankimport rules`."""

from typing import Annotated

import typer

from bankimport.cli.console import AsJson, checked, errors_shown, out, show, table
from bankimport.cli.enrichment.tables import print_jobs, print_preview
from bankimport.cli.ids import parse_id
from bankimport.cli.local import ForUser, acting_as
from bankimport.enrichment import views
from bankimport.enrichment.requests import new_rule
from bankimport.enrichment.rows import RuleMatch, RuleOrigin
from bankimport.enrichment.rules import rule_store
from bankimport.enrichment.rules_schemas import RuleChange, RuleRead, RuleRequest
from bankimport.enrichment.run import apply_rule
from bankimport.enrichment.statements.merchant_key import Direction
from bankimport.errors import InvalidRequest

app = typer.Typer(help="Your rules, and what was learned from corrections.", no_args_is_help=True)

RuleId = Annotated[int, typer.Argument(parser=parse_id, help="Its number, from `bankimport rules list`.")]
Category = Annotated[str | None, typer.Option(help="The category it sets.")]
Merchant = Annotated[str | None, typer.Option(help="The merchant it sets.")]
Preview = Annotated[bool, typer.Option("--preview", help="Only show which rows it would change.")]


@app.command("list")
def list_rules(user: ForUser = None, as_json: AsJson = False) -> None:
    """List the rules in the order in which they apply."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        found = views.rule_list(session, owner.id)
    show(found, as_json, lambda: _print_rules(found.rules))


@app.command()
def add(
    pattern: Annotated[str, typer.Argument(help="The text to look for in descriptions; see --match.")],
    category: Category = None,
    merchant: Merchant = None,
    match: Annotated[RuleMatch, typer.Option(help="How the pattern is compared.")] = RuleMatch.CONTAINS,
    direction: Annotated[Direction | None, typer.Option(help="Only money in, or only money out.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Also apply it to the stored rows.")] = False,
    dry_run: Preview = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Add a rule as the last one."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        request = checked(
            RuleRequest, pattern=pattern, category=category, merchant=merchant, match=match, direction=direction
        )
        if dry_run:
            preview = views.preview_read(apply_rule.preview_rule(session, owner.id, new_rule(request)))
            show(preview, as_json, lambda: print_preview(preview))
            return
        row = rule_store.add_rule(session, owner.id, new_rule(request))
        job = apply_rule.apply_if_it_fits(session, owner.id, row) if apply else None
        made = views.rule_read(row, job.id if job else None)
    show(made, as_json, lambda: _print_rules([made]))


@app.command()
def edit(
    rule_id: RuleId,
    pattern: Annotated[str | None, typer.Option(help="The text to look for in descriptions.")] = None,
    category: Category = None,
    merchant: Merchant = None,
    match: Annotated[RuleMatch | None, typer.Option(help="How the pattern is compared.")] = None,
    direction: Annotated[Direction | None, typer.Option(help="Only money in, or only money out.")] = None,
    both_ways: Annotated[bool, typer.Option("--both-ways", help="Money in and out.")] = False,
    dry_run: Preview = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Change a rule; rows keep its old values until `bankimport rules apply`."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        values: dict[str, object] = {
            "pattern": pattern,
            "category": category,
            "merchant": merchant,
            "match": match,
            "direction": direction,
        }
        values = {name: value for name, value in values.items() if value is not None}
        if both_ways:
            values["direction"] = None
        if not values:
            raise InvalidRequest("nothing to change: give --pattern, --match, --category, --merchant or --direction")
        changes = checked(RuleChange, **values).changes()
        if dry_run:
            edited = rule_store.edited_rule(rule_store.rule_of(session, owner.id, rule_id), changes)
            found = apply_rule.preview_rule(session, owner.id, edited, rule_id=rule_id)
            preview = views.preview_read(found)
            show(preview, as_json, lambda: print_preview(preview))
            return
        made = views.rule_read(rule_store.edit_rule(session, owner.id, rule_id, changes))
    show(made, as_json, lambda: _print_rules([made]))


@app.command()
def apply(rule_id: RuleId, user: ForUser = None, as_json: AsJson = False) -> None:
    """Apply a rule to the stored rows that it matches; what you edited stays."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        made = views.job_read(session, apply_rule.apply_rule(session, owner.id, rule_id))
    show(made, as_json, lambda: print_jobs([made]))


@app.command()
def enable(rule_id: RuleId, user: ForUser = None, as_json: AsJson = False) -> None:
    """Enable a rule."""
    _switch(rule_id, True, user, as_json)


@app.command()
def disable(rule_id: RuleId, user: ForUser = None, as_json: AsJson = False) -> None:
    """Disable a rule until it is enabled again."""
    _switch(rule_id, False, user, as_json)


@app.command()
def move(
    rule_id: RuleId,
    position: Annotated[int, typer.Argument(min=1, help="Its place among your own rules; 1 comes first.")],
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Change the position of one of your rules; the first that matches a row decides."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        row = rule_store.rule_of(session, owner.id, rule_id)
        if row.origin is not RuleOrigin.USER:
            raise InvalidRequest("rules learned from corrections have no order: each belongs to its merchant")
        rules = rule_store.rules_of(session, owner.id)
        order = [item.id for item in rules if item.origin is RuleOrigin.USER and item.id != rule_id]
        order.insert(position - 1, rule_id)
        rule_store.order_rules(session, owner.id, order)
        found = views.rule_list(session, owner.id)
    show(found, as_json, lambda: _print_rules(found.rules))


@app.command()
def remove(rule_id: RuleId, user: ForUser = None, as_json: AsJson = False) -> None:
    """Remove a rule; rows keep the values it set."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        rule_store.remove_rule(session, owner.id, rule_id)
    words = f"rule {rule_id} was removed; `bankimport rules restore {rule_id}` brings it back"
    show({"removed": str(rule_id)}, as_json, lambda: out.print(words))


@app.command()
def restore(rule_id: RuleId, user: ForUser = None, as_json: AsJson = False) -> None:
    """Restore a removed rule."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        made = views.rule_read(rule_store.restore_rule(session, owner.id, rule_id))
    show(made, as_json, lambda: _print_rules([made]))


def _switch(rule_id: int, is_enabled: bool, user: str | None, as_json: bool) -> None:
    with errors_shown(as_json), acting_as(user) as (session, owner):
        made = views.rule_read(rule_store.edit_rule(session, owner.id, rule_id, {"is_enabled": is_enabled}))
    show(made, as_json, lambda: _print_rules([made]))


def _print_rules(found: list[RuleRead]) -> None:
    if not found:
        out.print("there are no rules yet; add one with `bankimport rules add PATTERN --category NAME`")
        return
    lines = table(">rule", "by", "match", "pattern", "way", "merchant", "category", ">rows", "")
    for row in found:
        lines.add_row(
            row.id,
            row.origin.value,
            row.match.value,
            row.pattern,
            row.direction.value if row.direction else "",
            row.merchant or "",
            row.category or "",
            "" if row.rows is None else str(row.rows),
            "" if row.is_enabled else "off",
        )
    out.print(lines)
