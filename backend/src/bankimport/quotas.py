"""How much one user may have of what is made on request, so that nobody fills an installation that others share."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bankimport.errors import BankImportError


class QuotaReached(BankImportError):
    """The user has as much of it as this installation allows."""

    code = "quota_reached"
    http_status = 409


def check_quota(
    session: Session, most: int, things: str, key: InstrumentedAttribute[int], *of_user: ColumnElement[bool]
) -> None:
    """See that the user may have one more: fewer than `most` rows with this key fulfil the conditions.

    Two requests at once may each get the last one; the bound is against flooding, not exact.

    Raises:
        QuotaReached: there are that many.
    """
    has = session.scalars(select(func.count(key)).where(*of_user)).one()
    if has >= most:
        raise QuotaReached(
            f"you have {has} {things}, the most that this installation allows; remove some, or ask its operator",
            most=most,
        )
