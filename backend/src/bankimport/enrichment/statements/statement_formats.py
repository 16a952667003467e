"""Parse a bank's description by its statement format: the rail, the payee, and the rest; pure."""

import functools
import re
from dataclasses import dataclass

from bankimport.enrichment.statements import known_merchants
from bankimport.enrichment.statements.gazetteer import words_of_town
from bankimport.enrichment.statements.known_merchants import KnownMerchant, Match, known_at_front, known_in
from bankimport.enrichment.statements.people import TITLES, is_person
from bankimport.enrichment.statements.phrases import Meaning, words_of_role
from bankimport.enrichment.statements.plain_text import plain, words_of_plain
from bankimport.enrichment.statements.rails import STRENGTH, Rail, rails
from bankimport.enrichment.statements.trade_words import trade_word_in

MOST_KEY_LENGTH = 60
_MOST_KEY_WORDS = 4
_BETWEEN_PEOPLE = (Rail.PERSON, Rail.TRANSFER)
_REMEMBERED = 20_000

_FIELDS = (
    ("/name/", re.compile(r"/name/([^/]{2,80})")),
    ("naam:", re.compile(r"\bnaam: ?([^:]{2,80}?)(?: (?:machtiging|omschrijving|iban|kenmerk|datum|pasvolgnr)|$)")),
    ("einkauf bei", re.compile(r"\beinkauf bei ([^,]{2,80})")),
    ("achat chez", re.compile(r"\bachat chez ([^,]{2,80})")),
    ("compra en paypal de", re.compile(r"compra en paypal de ([^,]{2,80})")),
    ("creditor name:", re.compile(r"creditor name: ?([^:]{2,80}?)(?: [a-z]+ ?[a-z]*:|$)")),
    ("zahlungsempfanger:", re.compile(r"zahlungsempfanger: ?([^:]{2,80}?)(?: [a-z-]+:|$)")),
    ("beneficiario:", re.compile(r"beneficiario: ?([^:]{2,80}?)(?: [a-z-]+:|$)")),
    ("odbiorca:", re.compile(r"odbiorca: ?([^:]{2,80}?)(?: [a-z-]+:|$)")),
    ("receipt ref", re.compile(r"\breceipt ref\b.{0,40}? from (.{2,80})")),
    ("//", re.compile(r"^(.{3,80}?)//")),
)
"""The marker of a format with named fields, and the pattern that extracts the payee."""

_CUT = words_of_role("reference")
_TAIL = words_of_role("tail")
_HEAD = words_of_role("head")
_LEGAL_FORMS = words_of_role("organisation")
_GENERAL = words_of_role("general")
_NAMED_FOR_A_PLACE = words_of_role("before_place")
"""A town after one of these words belongs to the name: Transport for London, Metro de Madrid."""


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A parsed description: all its words, the payee's words, how money moved and the listed merchant.

    The same words give the same object, so it is compared by identity. `key` is empty if only words of rails, places
    and numbers are left: they identify no merchant.
    """

    words: tuple[str, ...]
    payee: tuple[str, ...]
    rail: Rail | None
    rail_words: str
    known: KnownMerchant | None
    trade: Meaning | None
    is_person: bool
    key: str


@functools.lru_cache(maxsize=_REMEMBERED)
def read_statement(description: str) -> Statement:
    """Parse a description. The same words give the same statement, whatever numbers are between them."""
    text = plain(description)
    digit_words = known_merchants.words_with_digits()
    named = None
    for mark, pattern in _FIELDS:
        if mark in text and (field := pattern.search(text)):
            named = field[1]
            break
    words = words_of_plain(text, digit_words)
    return _read_words(words, words_of_plain(named, digit_words) if named else None)


@functools.lru_cache(maxsize=_REMEMBERED)
def _read_words(words: tuple[str, ...], named: tuple[str, ...] | None) -> Statement:
    start, rail, rail_words = _behind_rails(words)
    payee = words[start:]
    if named:
        payee = named[_behind_rails(named)[0] :] or named
    payee = _without_reference(payee)
    known = known_in(payee)
    trimmed = _trimmed(payee)
    if known is None and trimmed != payee:
        known = known_in(trimmed)
    if known is None and rail not in _BETWEEN_PEOPLE:
        known = known_in(words[start:], is_payee=False)
    if known is not None and known.match is Match.FRONT and rail in _BETWEEN_PEOPLE and is_person(trimmed):
        known = None
    trade = trade_word_in(trimmed)
    if known is not None and trade is not None and _is_shop_of_that_name(trimmed, known, trade):
        known = None
    is_private = known is None and not _LEGAL_FORMS.intersection(payee) and is_person(trimmed)
    key = known.key if known is not None else _key_of(trimmed)
    return Statement(words, trimmed, rail, rail_words, known, trade, is_private, key[:MOST_KEY_LENGTH].strip())


def _is_shop_of_that_name(payee: tuple[str, ...], known: KnownMerchant, trade: Meaning) -> bool:
    """Whether a trade makes it another shop: after an everyday word, SUNRISE DRY CLEANERS, or first, CAFE ZARA."""
    if trade.category == known.category or trade.phrase in known.phrase:
        return False
    name = " ".join(payee)
    is_everyday = known.match is Match.FRONT and " " not in known.phrase and known.category != "Fuel"
    return is_everyday or (name.startswith(f"{trade.phrase} ") and not name.startswith(known.phrase))


def _key_of(payee: tuple[str, ...]) -> str:
    """The key; empty if every word is a rail's, a general one or a single letter, because it could be anybody's."""
    key_words = [word for word in payee if not word.isdigit() and word not in TITLES][:_MOST_KEY_WORDS]
    of_rails = rails()
    is_general = all(len(word) == 1 or word in _GENERAL or (word,) in of_rails for word in key_words)
    return "" if is_general else " ".join(key_words)


def _behind_rails(words: tuple[str, ...]) -> tuple[int, Rail | None, str]:
    """The position where the payee begins, and the strongest rail before it with its words."""
    place, rail, rail_words = 0, None, ""
    known_rails = rails()
    while place < len(words):
        match = known_rails.longest_at(words, place)
        if match is None:
            break
        count, named = match
        if known_at_front(words, place) >= count:
            break
        if named is not Rail.NOISE and (rail is None or STRENGTH[named] > STRENGTH[rail]):
            rail, rail_words = named, " ".join(words[place : place + count])
        place += count
    return place, rail, rail_words


def _without_reference(payee: tuple[str, ...]) -> tuple[str, ...]:
    """The payee up to the first word that starts a reference; a payee that begins with one is left whole."""
    for place, word in enumerate(payee):
        if place and word in _CUT and not known_at_front(payee, place):
            return payee[:place]
    return payee


def _trimmed(payee: tuple[str, ...]) -> tuple[str, ...]:
    """The payee without company forms, countries, towns and single letters at its end; at least one word."""
    end, start = len(payee), 0
    while end > 1:
        word = payee[end - 1]
        is_part_of_name = payee[end - 2] in _NAMED_FOR_A_PLACE
        if (word in _TAIL and not is_part_of_name) or len(word) == 1 or word.isdigit():
            end -= 1
            continue
        count = words_of_town(payee[:end])
        if not count or payee[end - count - 1] in _NAMED_FOR_A_PLACE:
            break
        end -= count
    while end - start > 1 and payee[start] in _HEAD:
        start += 1
    return payee[start:end]
