"""Data API v1: one request is one whole answer."""

from collections.abc import Callable

from bankimport.accounts.models import AccountKind
from bankimport.connections.calls.bank import Bank
from bankimport.days import Days
from bankimport.imports.attempt import Attempt
from bankimport.imports.sources.account_id import id_at_truelayer
from bankimport.truelayer.answers import Answer, UnreadAnswer
from bankimport.truelayer.schemas import Balance, FetchedRow

PATH_WORDS = {AccountKind.ACCOUNT: "accounts", AccountKind.CARD: "cards"}


class AskRead:
    """See `imports.sources.source.BankSource`; nothing is ever begun and left."""

    gives_balance = True

    def __init__(self, bank: Bank, attempt: Attempt) -> None:
        self._bank = bank
        self._attempt = attempt
        self._half = PATH_WORDS[attempt.kind]

    def transactions(self, requested: Days, _begun: list[str], _remember: Callable[[list[str]], None]) -> UnreadAnswer:
        """The booked rows of these days."""
        bank, account_id = self._bank, id_at_truelayer(self._attempt)
        return bank.call(
            lambda client, token, begin: client.transactions(
                token,
                self._half,
                account_id,
                requested.first,
                requested.last,
                psu_ip=bank.attended_ip,
                begin_call=begin,
            ),
            account_id=self._attempt.account_id,
        )

    def pending(self) -> Answer[FetchedRow]:
        """The whole pending set."""
        bank, account_id = self._bank, id_at_truelayer(self._attempt)
        return bank.call(
            lambda client, token, begin: client.pending(
                token, self._half, account_id, psu_ip=bank.attended_ip, begin_call=begin
            ),
            account_id=self._attempt.account_id,
        )

    def balance(self) -> Answer[Balance]:
        """The balance."""
        bank, account_id = self._bank, id_at_truelayer(self._attempt)
        return bank.call(
            lambda client, token, begin: client.balance(
                token, self._half, account_id, psu_ip=bank.attended_ip, begin_call=begin
            ),
            account_id=self._attempt.account_id,
        )
