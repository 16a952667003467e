"""`bankimport categories`."""

from typing import Annotated

import typer

from bankimport.cli.console import AsJson, checked, errors_shown, escaped, out, show, table
from bankimport.cli.ids import parse_id
from bankimport.cli.local import ForUser, acting_as
from bankimport.enrichment.categories import categories, merging
from bankimport.enrichment.rules_schemas import (
    CategoryChange,
    CategoryNode,
    CategoryTree,
    MergeRead,
    MergeUndoRead,
    NewCategory,
)
from bankimport.enrichment.views import category_node
from bankimport.errors import InvalidRequest

app = typer.Typer(help="The categories of rows.", no_args_is_help=True)

CategoryId = Annotated[int, typer.Argument(parser=parse_id, help="Its number, from `bankimport categories list`.")]


@app.command("list")
def list_categories(user: ForUser = None, as_json: AsJson = False) -> None:
    """List the categories as a tree."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        rows = categories.categories_of(session, owner.id)
        found = CategoryTree(categories=[category_node(row) for row in rows])
    show(found, as_json, lambda: _print_tree(found))


@app.command()
def add(
    name: str,
    under: Annotated[int | None, typer.Option("--under", parser=parse_id, help="Id of its parent category.")] = None,
    colour: Annotated[str, typer.Option(help="As #rrggbb.")] = "#868e96",
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Add a category."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        new_category = checked(NewCategory, name=name, parent_id=under, colour=colour)
        made = category_node(
            categories.create_category(
                session, owner.id, new_category.name, new_category.parent_id, new_category.colour
            )
        )
    show(made, as_json, lambda: out.print(f"category {made.id}: {escaped(made.name)}"))


@app.command()
def edit(
    category_id: CategoryId,
    name: Annotated[str | None, typer.Option(help="A new name; rows, rules and cached answers follow.")] = None,
    under: Annotated[
        int | None, typer.Option("--under", parser=parse_id, help="Id of its new parent category.")
    ] = None,
    top: Annotated[bool, typer.Option("--top", help="Move it to the top level.")] = False,
    colour: Annotated[str | None, typer.Option(help="As #rrggbb.")] = None,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Rename, move or recolour a category."""
    with errors_shown(as_json):
        if top and under is not None:
            raise InvalidRequest("give --top or --under, not both")
        values: dict[str, object] = {"name": name, "parent_id": under, "colour": colour}
        values = {field: value for field, value in values.items() if value is not None}
        if top:
            values["parent_id"] = None
        if not values:
            raise InvalidRequest("nothing to change: give --name, --under, --top or --colour")
        _change(category_id, checked(CategoryChange, **values), user, as_json, "is changed")


@app.command()
def archive(category_id: CategoryId, user: ForUser = None, as_json: AsJson = False) -> None:
    """Stop assigning a category; rows that have it keep it."""
    with errors_shown(as_json):
        _change(category_id, CategoryChange(is_archived=True), user, as_json, "is archived")


@app.command()
def restore(category_id: CategoryId, user: ForUser = None, as_json: AsJson = False) -> None:
    """Restore an archived category."""
    with errors_shown(as_json):
        _change(category_id, CategoryChange(is_archived=False), user, as_json, "is active")


@app.command()
def merge(
    category_id: CategoryId,
    into: Annotated[int, typer.Option("--into", parser=parse_id, help="Id of the category to merge into.")],
    preview: Annotated[bool, typer.Option("--preview", help="Only show what would be moved.")] = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Merge a category into another: its rows, rules and corrections move there. `unmerge` undoes it."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        do = merging.preview_merge if preview else merging.merge_categories
        found = MergeRead.model_validate(do(session, owner.id, category_id, into), from_attributes=True)
    verb = "would move" if preview else "moved"
    words = (
        f"{verb}: {found.rows} rows, {found.rules} rules, {found.corrections} corrections, "
        f"{found.remembered} cached answers, {found.children} subcategories"
    )
    if not preview:
        words += f"\n`bankimport categories unmerge {category_id}` undoes it"
    show(found, as_json, lambda: out.print(words, soft_wrap=True))


@app.command()
def unmerge(category_id: CategoryId, user: ForUser = None, as_json: AsJson = False) -> None:
    """Undo a merge; what has been changed since stays."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        row, rows_back, changed = merging.undo_merge(session, owner.id, category_id)
        found = MergeUndoRead(category=category_node(row), rows_back=rows_back, changed_since=changed)
    words = f"{escaped(found.category.name)} has {rows_back} rows again; {changed} were changed since and stay"
    show(found, as_json, lambda: out.print(words, soft_wrap=True))


def _change(category_id: int, change: CategoryChange, user: str | None, as_json: bool, words: str) -> None:
    with acting_as(user) as (session, owner):
        changes = change.model_dump(exclude_unset=True)
        made = category_node(categories.edit_category(session, owner.id, category_id, changes))
    show(made, as_json, lambda: out.print(f"{escaped(made.name)} {words}"))


def _print_tree(found: CategoryTree) -> None:
    lines = table(">id", "category", "colour", "")

    def add_under(parent: int | None, depth: int) -> None:
        for row in found.categories:
            if row.parent_id == parent:
                lines.add_row(row.id, "  " * depth + row.name, row.colour, _note(row))
                add_under(row.id, depth + 1)

    add_under(None, 0)
    out.print(lines)


def _note(row: CategoryNode) -> str:
    if row.merged_into_id is not None:
        return f"merged into {row.merged_into_id}"
    return "archived" if row.is_archived else ""
