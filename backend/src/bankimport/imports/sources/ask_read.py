"""Data API v1: one request is one whole answer."""

from collections.abc import Callable
from typing import TypeVar

from bankimport.accounts.models import AccountKind
from bankimport.connections.calls.bank import Bank
from bankimport.days import Days
from bankimport.imports.attempt import Attempt
from bankimport.imports.sources.account_id import id_at_truelayer
from bankimport.truelayer.answers import Answer, UnreadAnswer
from bankimport.truelayer.calls import BeginCall
from bankimport.truelayer.client import TrueLayerClient
from bankimport.truelayer.errors import AccountGone
from bankimport.truelayer.schemas import Balance, FetchedRow

T = TypeVar("T")

PATH_WORDS = {AccountKind.ACCOUNT: "accounts", AccountKind.CARD: "cards"}


class AskRead:
    """See `imports.sources.source.BankSource`; nothing is ever begun and left."""

    gives_balance = True

    def __init__(self, bank: Bank, attempt: Attempt) -> None:
        self._bank = bank
        self._attempt = attempt
        self._half = PATH_WORDS[attempt.kind]
        self._account_id: str | None = None

    def transactions(self, requested: Days, _begun: list[str], _remember: Callable[[list[str]], None]) -> UnreadAnswer:
        """The booked rows of these days."""
        return self._call(
            lambda client, token, account_id, begin: client.transactions(
                token,
                self._half,
                account_id,
                requested.first,
                requested.last,
                psu_ip=self._bank.attended_ip,
                begin_call=begin,
            )
        )

    def pending(self) -> Answer[FetchedRow]:
        """The whole pending set."""
        return self._call(
            lambda client, token, account_id, begin: client.pending(
                token, self._half, account_id, psu_ip=self._bank.attended_ip, begin_call=begin
            )
        )

    def balance(self) -> Answer[Balance]:
        """The balance."""
        return self._call(
            lambda client, token, account_id, begin: client.balance(
                token, self._half, account_id, psu_ip=self._bank.attended_ip, begin_call=begin
            )
        )

    def _call(self, ask: Callable[[TrueLayerClient, str, str, BeginCall], T]) -> T:
        """Ask under the account's id. That is read once for an attempt, and again if the bank no longer knows it."""
        used = self._account_id
        if used is not None:
            try:
                return self._ask(ask, used)
            except AccountGone:
                self._account_id = None
                if id_at_truelayer(self._attempt) == used:
                    raise
        account_id = id_at_truelayer(self._attempt)
        answer = self._ask(ask, account_id)
        self._account_id = account_id
        return answer

    def _ask(self, ask: Callable[[TrueLayerClient, str, str, BeginCall], T], account_id: str) -> T:
        return self._bank.call(
            lambda client, token, begin: ask(client, token, account_id, begin), account_id=self._attempt.account_id
        )
