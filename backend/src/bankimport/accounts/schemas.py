"""Accounts and cards over HTTP."""

from datetime import datetime
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, Field

from bankimport.accounts.models import Account, AccountKind
from bankimport.ids import Id


class BalanceRead(BaseModel):
    """A balance in our sign: negative = the user owes money, for cards too."""

    current: Decimal
    available: Decimal | None
    at: datetime | None


class AccountRead(BaseModel):
    """An account or card with our own stable id and the connection it is read through.

    `also_through` are connections of other logins that can reach it too.
    """

    account_id: Id
    connection_id: Id
    also_through: list[Id] = []
    kind: AccountKind
    display_name: str = Field(description="the nickname, or the bank's name for it")
    listed_name: str = Field(description="the bank's name for it")
    nickname: str | None
    currency: str
    account_type: str | None
    last_digits: str | None
    last_synced_at: datetime | None
    missing_since: datetime | None
    balance: BalanceRead | None

    @classmethod
    def of(cls, account: Account, **more: object) -> Self:
        """The account as shown to its user, with only the last four digits of its numbers. `more` fills a subclass."""
        number = account.numbers.shown
        balance = None
        if account.balance_current is not None:
            balance = BalanceRead(
                current=account.balance_current, available=account.balance_available, at=account.balance_at
            )
        values: dict[str, object] = {
            "account_id": account.id,
            "connection_id": account.connection_id,
            "kind": account.kind,
            "display_name": account.display_name,
            "listed_name": account.listed_name,
            "nickname": account.nickname,
            "currency": account.currency,
            "account_type": account.account_type,
            "last_digits": number[-4:] if number else None,
            "last_synced_at": account.last_synced_at,
            "missing_since": account.missing_since,
            "balance": balance,
        }
        return cls.model_validate(values | more)


class NicknameChange(BaseModel, extra="forbid"):
    """The user's name for an account; null: the bank's name again."""

    nickname: str | None = Field(max_length=80)
