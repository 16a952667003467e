"""A user's categories: a tree of names with colours; archived ones stay on rows but are not assigned any more.

Rows, rules and cached answers contain a category's name. A rename therefore rewrites all of them in one transaction.
"""

from collections.abc import Mapping

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.enrichment.categories.taxonomy import DEFAULT_CATEGORIES, UNKNOWN
from bankimport.enrichment.errors import CategoryExists, CategoryNotFound
from bankimport.enrichment.models import CacheEntry, Category, CategoryRule
from bankimport.errors import InvalidRequest
from bankimport.realtime.publish import notify_user
from bankimport.transactions import repository as transactions


def categories_of(session: Session, user_id: int) -> list[Category]:
    """All of the user's categories by name; a user without any gets the default ones."""
    statement = select(Category).where(Category.user_id == user_id).order_by(Category.name)
    found = list(session.scalars(statement))
    if found:
        return found
    for of_parents in (True, False):
        ids = {row.name: row.id for row in session.scalars(statement)}
        values = [
            {
                "user_id": user_id,
                "name": name,
                "default_name": name,
                "parent_id": ids.get(parent or ""),
                "colour": colour,
            }
            for name, parent, colour in DEFAULT_CATEGORIES
            if (parent is None) is of_parents
        ]
        session.execute(insert(Category).values(values).on_conflict_do_nothing())
    return list(session.scalars(statement))


def names_in_use(session: Session, user_id: int) -> frozenset[str]:
    """The names that may be assigned to rows."""
    return frozenset(row.name for row in categories_of(session, user_id) if row.archived_at is None)


def renamed_defaults(session: Session, user_id: int) -> Mapping[str, str]:
    """The user's names for default categories that were renamed or merged, by their original names."""
    rows = {row.id: row for row in categories_of(session, user_id)}

    def now(row: Category) -> Category:
        while row.merged_into_id in rows:
            row = rows[row.merged_into_id]
        return row

    return {
        row.default_name: now(row).name
        for row in rows.values()
        if row.default_name is not None and row.default_name != now(row).name
    }


def category_of(session: Session, user_id: int, category_id: int) -> Category:
    """One of the user's categories.

    Raises:
        CategoryNotFound: no such category, or not this user's.
    """
    row = session.get(Category, category_id)
    if row is None or row.user_id != user_id:
        raise CategoryNotFound(f"you have no category {category_id}", category_id=category_id)
    return row


def check_name(session: Session, user_id: int, name: str | None) -> None:
    """Check that rows may be given this category; None is allowed.

    Raises:
        InvalidRequest: it is not one of the user's categories, or is archived.
    """
    if name is not None and name not in names_in_use(session, user_id):
        raise InvalidRequest(f"you have no active category {name!r}; list them with `bankimport categories`")


def create_category(session: Session, user_id: int, name: str, parent_id: int | None, colour: str) -> Category:
    """Add a category.

    Raises:
        CategoryExists: there is already one with this name.
        CategoryNotFound: the parent is not one of the user's.
        InvalidRequest: the name is reserved for rows without a category.
    """
    categories_of(session, user_id)
    _check_new_name(session, user_id, name)
    if parent_id is not None:
        category_of(session, user_id, parent_id)
    made = session.scalars(
        insert(Category)
        .values(user_id=user_id, name=name, parent_id=parent_id, colour=colour)
        .on_conflict_do_nothing()
        .returning(Category)
    ).one_or_none()
    if made is None:
        raise _exists(name)
    notify_user(session, user_id, "enrichment")
    return made


def edit_category(session: Session, user_id: int, category_id: int, changes: dict[str, object]) -> Category:
    """Change `name`, `parent_id`, `colour` or `is_archived`; omitted fields stay.

    A new name is written to every row, rule and cached answer that has the old one.

    Raises:
        CategoryNotFound: it, or the parent, is not one of the user's.
        CategoryExists: another category has this name, or rows contain it as a word of their own.
        InvalidRequest: it would become its own descendant, or the name is reserved.
    """
    row = category_of(session, user_id, category_id)
    name = changes.get("name")
    if isinstance(name, str) and name != row.name:
        _rename(session, row, name)
    if "parent_id" in changes:
        parent_id = changes["parent_id"]
        row.parent_id = _checked_parent(session, row, parent_id) if isinstance(parent_id, int) else None
    if isinstance(changes.get("colour"), str):
        row.colour = str(changes["colour"])
    if changes.get("is_archived") is not None:
        row.archived_at = (row.archived_at or utc_now()) if changes["is_archived"] else None
        if row.archived_at is None:
            row.merged_into_id = None
    session.flush()
    notify_user(session, user_id, "enrichment")
    return row


def _rename(session: Session, row: Category, name: str) -> None:
    _check_new_name(session, row.user_id, name, but=row.id)
    # Enrichment reads the names and writes them to rows in one transaction; this waits for it.
    transactions.begin_marking(session, row.user_id)
    if transactions.is_category_on_rows(session, row.user_id, name):
        raise CategoryExists(
            f"rows contain the word {name!r}, which is not one of your categories: add it first, or choose another name"
        )
    old, row.name = row.name, name
    session.flush()
    for table in (CategoryRule, CacheEntry):
        session.execute(update(table).where(table.user_id == row.user_id, table.category == old).values(category=name))
    if transactions.rename_category(session, row.user_id, old, name).rows:
        notify_user(session, row.user_id, "transactions")


def _check_new_name(session: Session, user_id: int, name: str, *, but: int | None = None) -> None:
    if name.casefold() == UNKNOWN:
        raise InvalidRequest(f"{UNKNOWN!r} is reserved for rows without a category; choose another name")
    same = select(Category.name).where(
        Category.user_id == user_id, func.lower(Category.name) == func.lower(name), Category.id != (but or 0)
    )
    found = session.scalars(same.limit(1)).first()
    if found is not None:
        raise _exists(found)


def _exists(name: str) -> CategoryExists:
    return CategoryExists(f"you already have a category {name!r}; if it is archived, restore it")


def _checked_parent(session: Session, row: Category, parent_id: int) -> int:
    above: Category | None = category_of(session, row.user_id, parent_id)
    while above is not None:
        if above.id == row.id:
            raise InvalidRequest(f"{row.name!r} cannot be below itself")
        above = session.get(Category, above.parent_id) if above.parent_id is not None else None
    return parent_id
