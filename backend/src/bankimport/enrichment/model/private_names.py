"""The user's names: those known to their banks, on their cards, in their e-mail address, and those they add."""

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bankimport.accounts.models import Account
from bankimport.connections.models import BankConnection
from bankimport.errors import InvalidRequest
from bankimport.users.models import User
from bankimport.users.record import record

_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "dame", "lord", "lady", "rev"})
"""Words that banks put before a name but that are not names."""

MOST_NAMES = 50
MOST_LENGTH = 100
_EVERYBODYS = frozenset(
    {"com", "org", "net", "edu", "gov", "info", "mail", "email", "gmail", "googlemail", "outlook", "hotmail", "yahoo"}
    | {"icloud", "live", "proton", "protonmail", "fastmail", "btinternet", "gmx"}
)
"""Words of addresses that are not names of people, and that occur in names of shops."""


def users_names(session: Session, user_id: int) -> list[str]:
    """Every name that must not be sent: the added ones, those from banks, and the words of the e-mail address."""
    user = session.get_one(User, user_id)
    words = [word for word in re.split(r"[\s.@_+-]+", user.email) if word.casefold() not in _EVERYBODYS]
    reported = [*names_of_holder(session, user_id), *names_on_cards(session, user_id)]
    return [*user.private_names, *(name for text in reported for name in names_in(text)), *words]


def names_of_holder(session: Session, user_id: int) -> list[str]:
    """The names by which banks know the user, including removed connections."""
    found = session.scalars(select(BankConnection.holder_names).where(BankConnection.user_id == user_id))
    return sorted({name for names in found for name in names})


def names_in(text: str) -> list[str]:
    """The names in a bank's description of a holder, without titles; a joint account has two."""
    people = re.split(r"\s*(?:[&/,;]|\band\b)\s*", text, flags=re.IGNORECASE)
    names = (
        " ".join(word for word in person.split() if word.strip(".").casefold() not in _TITLES) for person in people
    )
    return [name for name in names if name]


def names_on_cards(session: Session, user_id: int) -> list[str]:
    """The names on the user's cards, according to their banks."""
    names = select(Account.holder_name).where(Account.user_id == user_id, Account.holder_name.is_not(None)).distinct()
    return sorted(name for name in session.scalars(names) if name)


def set_private_names(session: Session, user_id: int, names: Sequence[str]) -> list[str]:
    """Replace the user's own list of names: family members, nicknames or maiden names.

    Raises:
        InvalidRequest: there are too many names, or one is too long or has fewer than two letters.
    """
    distinct_names = sorted({" ".join(name.split()) for name in names}, key=str.casefold)
    if len(distinct_names) > MOST_NAMES:
        raise InvalidRequest(f"at most {MOST_NAMES} names are allowed")
    for name in distinct_names:
        if len(name) > MOST_LENGTH or sum(char.isalpha() for char in name) < 2:
            raise InvalidRequest(
                f"{name[:40]!r} is not a name: use at least two letters and at most {MOST_LENGTH} characters"
            )
    session.get_one(User, user_id).private_names = distinct_names
    record(session, user_id, "enrichment.names_set", count=len(distinct_names))
    session.flush()
    return distinct_names
