"""Match a row with a user's rules and learned corrections; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bankimport.enrichment.rows import RuleMatch, RuleOrigin
from bankimport.enrichment.statements.merchant_key import Direction


@dataclass(frozen=True, slots=True)
class Rule:
    """The pattern for a row's description or merchant key, and the values to set; None leaves a field unchanged."""

    id: int
    origin: RuleOrigin
    match: RuleMatch
    pattern: str
    direction: Direction | None
    merchant: str | None
    category: str | None


def folded(text: str) -> str:
    """The form in which patterns and descriptions are compared."""
    return " ".join(text.casefold().split())


class RuleBook:
    """A user's rules, in the order in which they apply; corrections are looked up by key."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._own = [(rule, folded(rule.pattern)) for rule in rules if rule.origin is RuleOrigin.USER]
        self._learned = {(rule.pattern, rule.direction): rule for rule in rules if rule.origin is RuleOrigin.CORRECTION}

    @property
    def has_own(self) -> bool:
        """Whether any of them was written by the user."""
        return bool(self._own)

    def own(self, description: str, key: str, direction: Direction) -> Rule | None:
        """The first of the user's own rules that matches."""
        text = folded(description)
        for rule, pattern in self._own:
            if rule.direction in (None, direction) and _fits(rule.match, pattern, text, key):
                return rule
        return None

    def learned(self, key: str, direction: Direction) -> Rule | None:
        """What was learned about this merchant in this direction."""
        return self._learned.get((key, direction)) or self._learned.get((key, None))


def _fits(match: RuleMatch, pattern: str, text: str, key: str) -> bool:
    match match:
        case RuleMatch.CONTAINS:
            return pattern in text
        case RuleMatch.PREFIX:
            return text.startswith(pattern)
        case RuleMatch.EXACT:
            return text == pattern
        case RuleMatch.KEY:
            return key == pattern
