"""Find phrases of a list in the words of a text, only whole words and the longest first; pure."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A phrase found in a text, and the category it means."""

    phrase: str
    category: str


class Phrases(Generic[T]):
    """Phrases, words separated by one space, each with its meaning."""

    def __init__(self, meanings: Mapping[str, T]) -> None:
        """Index the phrases by their first word, the longest first."""
        self._by_first: dict[str, list[tuple[int, tuple[str, ...], T]]] = {}
        for phrase, meaning in meanings.items():
            words = tuple(phrase.split(" "))
            self._by_first.setdefault(words[0], []).append((len(words), words, meaning))
        for of_word in self._by_first.values():
            of_word.sort(key=lambda item: -item[0])

    def __contains__(self, phrase: object) -> bool:
        """Whether the words, as a tuple, are a phrase of the list."""
        return isinstance(phrase, tuple) and any(item[1] == phrase for item in self._by_first.get(phrase[0], ()))

    def at(self, words: Sequence[str], place: int) -> Iterator[tuple[int, T]]:
        """The phrases that begin at a place, the longest first: how many words, and the meaning."""
        for count, phrase, meaning in self._by_first.get(words[place], ()):
            if count == 1 or tuple(words[place : place + count]) == phrase:
                yield count, meaning

    def longest_at(self, words: Sequence[str], place: int) -> tuple[int, T] | None:
        """The longest phrase that begins at a place."""
        return next(self.at(words, place), None)

    def all_in(self, words: Sequence[str]) -> list[tuple[int, int, T]]:
        """Phrases from left to right that do not overlap: place, how many words, meaning."""
        found: list[tuple[int, int, T]] = []
        place = 0
        while place < len(words):
            match = self.longest_at(words, place) if words[place] in self._by_first else None
            if match is None:
                place += 1
                continue
            found.append((place, *match))
            place += match[0]
        return found

    def words_with_digits(self) -> frozenset[str]:
        """The words with digits that occur in phrases; in other texts such words are numbers."""
        return frozenset(
            word
            for of_word in self._by_first.values()
            for _, words, _ in of_word
            for word in words
            if not word.isalpha()
        )


def table(name: str) -> list[dict[str, str]]:
    """The rows of a list next to this module, by the names in its first line."""
    text = (files("bankimport.enrichment.statements") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def words_of_role(role: str) -> frozenset[str]:
    """The statement words with a role: the start of a reference, a company form, a title, a month, and others."""
    return frozenset(row["word"] for row in table("statement_words.tsv") if role in row["roles"].split(","))
