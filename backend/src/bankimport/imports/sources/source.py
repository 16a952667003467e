"""The interface between an attempt and a bank: rows of days, pending rows and a balance, by whichever API."""

from collections.abc import Callable
from typing import Protocol

from bankimport.connections.calls.bank import Bank
from bankimport.connections.models import DataApi
from bankimport.days import Days
from bankimport.imports.attempt import Attempt
from bankimport.imports.sources.ask_read import AskRead
from bankimport.imports.sources.ask_wait_read import AskWaitRead
from bankimport.truelayer.answers import Answer, UnreadAnswer
from bankimport.truelayer.schemas import Balance, FetchedRow


class BankSource(Protocol):
    """One account's rows and balance. Every answer is whole: a source that reads pages gives none before the last.

    Every method raises `EndpointNotSupported` where the API or the bank does not offer this, and `AccountGone` where
    the account's id is no longer known.
    """

    gives_balance: bool
    """Whether the API has balances at all."""

    def transactions(self, requested: Days, begun: list[str], remember: Callable[[list[str]], None]) -> UnreadAnswer:
        """The booked rows of these days, both inclusive, not parsed yet.

        `begun` are the ids of requests that an earlier attempt began for these very days. The source calls `remember`
        with the ids to keep before it waits for any of them, so that nothing is requested twice after a restart.

        Raises:
            AnswerNotReady: the bank still computes the answer; the requests are remembered.
            TrueLayerError: no answer.
        """
        ...

    def pending(self) -> Answer[FetchedRow]:
        """The whole set of pending rows as the bank has it now."""
        ...

    def balance(self) -> Answer[Balance]:
        """The balance as the bank signs it."""
        ...


def source_of(bank: Bank, attempt: Attempt) -> BankSource:
    """The source that the attempt's connection uses."""
    return AskWaitRead(bank, attempt) if attempt.data_api is DataApi.V3 else AskRead(bank, attempt)
