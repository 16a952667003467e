"""The numbers of an account or card, which are stored encrypted under its user's key; pure."""

from dataclasses import dataclass, fields

import msgspec

KIND = "truelayer_accounts.numbers_sealed"
"""What the sealed numbers are bound to."""


@dataclass(frozen=True, slots=True)
class AccountNumbers:
    """The numbers by which the bank knows an account or card, as far as it gives them."""

    iban: str | None = None
    account_number: str | None = None
    sort_code: str | None = None
    partial_card_number: str | None = None

    @property
    def shown(self) -> str | None:
        """The number of which its user is shown the last digits."""
        return self.iban or self.account_number or self.partial_card_number

    def or_else(self, others: "AccountNumbers") -> "AccountNumbers":
        """These, and of the others what is missing here."""
        return AccountNumbers(*(getattr(self, name) or getattr(others, name) for name in NAMES))

    def written(self) -> bytes:
        """As it is sealed."""
        return msgspec.json.encode(self)


NAMES = tuple(field.name for field in fields(AccountNumbers))

read_numbers = msgspec.json.Decoder(AccountNumbers).decode
"""The numbers from what `AccountNumbers.written` made."""
