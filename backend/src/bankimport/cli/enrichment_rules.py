"""`bankimport categories` and `bankimport rules`."""

from typing import Annotated, TypeVar

import typer
from pydantic import ValidationError

from bankimport.cli.console import AsJson, errors_shown, out, show, table
from bankimport.cli.enrichment import print_preview
from bankimport.cli.local import ForUser, chosen_user, join_installation
from bankimport.db.session import session_scope
from bankimport.enrichment import categories, jobs, reading, rule_store
from bankimport.enrichment.merchant_key import Direction
from bankimport.enrichment.rules import RuleMatch
from bankimport.enrichment.rules_router import category_node, new_rule
from bankimport.enrichment.schemas import CategoryNode, CategoryTree, NewCategory, RuleList, RuleRead, RuleRequest
from bankimport.errors import InvalidRequest

Wanted = TypeVar("Wanted", NewCategory, RuleRequest)

categories_app = typer.Typer(help="The categories that rows may be given.", no_args_is_help=True)
rules_app = typer.Typer(help="Your rules, and what was learned from corrections.", no_args_is_help=True)


@categories_app.command("list")
def list_categories(user: ForUser = None, as_json: AsJson = False) -> None:
    """List the categories as a tree."""
    with errors_shown(as_json):
        join_installation()
        with session_scope() as session:
            rows = categories.categories_of(session, chosen_user(session, user).id)
            found = CategoryTree(categories=[category_node(row) for row in rows])
        show(found, as_json, lambda: _print_tree(found))


@categories_app.command("add")
def add_category(
    name: str,
    under: Annotated[int | None, typer.Option("--under", help="Id of the category it lies under.")] = None,
    colour: Annotated[str, typer.Option(help="As #rrggbb.")] = "#868e96",
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Add a category."""
    with errors_shown(as_json):
        wanted = _checked(NewCategory, name=name, parent_id=under, colour=colour)
        join_installation()
        with session_scope() as session:
            owner = chosen_user(session, user)
            made = category_node(
                categories.create_category(session, owner.id, wanted.name, wanted.parent_id, wanted.colour)
            )
        show(made, as_json, lambda: out.print(f"category {made.id}: {made.name}"))


@categories_app.command("archive")
def archive(
    category_id: int,
    back: Annotated[bool, typer.Option("--back", help="Bring it back.")] = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Give a category to rows no more; those that have it keep it."""
    with errors_shown(as_json):
        join_installation()
        with session_scope() as session:
            owner = chosen_user(session, user)
            row = categories.edit_category(session, owner.id, category_id, {"is_archived": not back})
            made = category_node(row)
        show(made, as_json, lambda: out.print(f"{made.name} is {'in use' if back else 'archived'}"))


@rules_app.command("list")
def list_rules(user: ForUser = None, as_json: AsJson = False) -> None:
    """List the rules in the order in which they are asked."""
    with errors_shown(as_json):
        join_installation()
        with session_scope() as session:
            rows = rule_store.rules_of(session, chosen_user(session, user).id)
            found = RuleList(rules=[reading.rule_read(row) for row in rows])
        show(found, as_json, lambda: _print_rules(found.rules))


@rules_app.command("add")
def add_rule(
    pattern: Annotated[str, typer.Argument(help="What the description has to be, as --match says.")],
    category: Annotated[str | None, typer.Option(help="The category it gives.")] = None,
    merchant: Annotated[str | None, typer.Option(help="The merchant it gives.")] = None,
    match: Annotated[RuleMatch, typer.Option(help="How the pattern is compared.")] = RuleMatch.CONTAINS,
    direction: Annotated[Direction | None, typer.Option(help="Only money in, or out.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Also to the stored rows.")] = False,
    dry_run: Annotated[bool, typer.Option("--preview", help="Only say which rows it would change.")] = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Add a rule as the last one."""
    with errors_shown(as_json):
        wanted = _checked(
            RuleRequest, pattern=pattern, category=category, merchant=merchant, match=match, direction=direction
        )
        join_installation()
        with session_scope() as session:
            owner = chosen_user(session, user)
            if dry_run:
                preview = reading.preview_read(rule_store.preview_rule(session, owner.id, new_rule(wanted)))
                show(preview, as_json, lambda: print_preview(preview))
                return
            row = rule_store.add_rule(session, owner.id, new_rule(wanted))
            job = jobs.create_job(session, owner.id, jobs.Wanted(uses_model=False)) if apply else None
            made = reading.rule_read(row, job.id if job else None)
        show(made, as_json, lambda: _print_rules([made]))


@rules_app.command("remove")
def remove_rule(rule_id: int, user: ForUser = None, as_json: AsJson = False) -> None:
    """Forget a rule; rows keep what it said of them."""
    with errors_shown(as_json):
        join_installation()
        with session_scope() as session:
            rule_store.remove_rule(session, chosen_user(session, user).id, rule_id)
        show({"removed": rule_id}, as_json, lambda: out.print(f"rule {rule_id} is gone"))


def _checked(kind: type[Wanted], **values: object) -> Wanted:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidRequest(f"{first['loc'][0]}: {first['msg']}") from None


def _print_tree(found: CategoryTree) -> None:
    lines = table(">id", "category", "colour", "")

    def add(parent: str | None, depth: int) -> None:
        for row in found.categories:
            if row.parent_id == parent:
                lines.add_row(row.id, "  " * depth + row.name, row.colour, _note(row))
                add(row.id, depth + 1)

    add(None, 0)
    out.print(lines)


def _note(row: CategoryNode) -> str:
    return "archived" if row.is_archived else ""


def _print_rules(found: list[RuleRead]) -> None:
    if not found:
        out.print("there is no rule yet; add one with `bankimport rules add PATTERN --category NAME`")
        return
    lines = table(">rule", "by", "match", "pattern", "way", "merchant", "category")
    for row in found:
        way = row.direction.value if row.direction else ""
        lines.add_row(
            row.id, row.origin.value, row.match.value, row.pattern, way, row.merchant or "", row.category or ""
        )
    out.print(lines)
