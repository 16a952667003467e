"""Find a person's names in a text in every spelling that banks use; pure."""

import re
import unicodedata
from collections.abc import Iterable

from bankimport.enrichment.statements.plain_text import plain

_LEAST_PART = 3
_LEAST_CUT = 4
_WORD = re.compile(r"[^\W\d_]+(?:['`´\u2018\u2019-][^\W\d_]+)*")
_BREAKS = re.compile(r"[\s.,@_+]+")
_INNER = re.compile(r"['`´\u2018\u2019-]")
_DIGRAPH = re.compile(r"a[ae]+|[ou]e+")
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u"})


class NameFinder:
    """Finds names as a whole, by their parts, joined, and cut off at the end of a text."""

    def __init__(self, names: Iterable[str]) -> None:
        """Prepare the names, each one person's as written."""
        self._parts: set[str] = set()
        self._wholes: set[tuple[str, ...]] = set()
        self._joined: set[str] = set()
        for name in names:
            words = [word for word in _BREAKS.split(name) if word]
            whole = tuple(spelling for word in words if (spelling := one_spelling(word)))
            if sum(map(len, whole)) >= 2:
                self._wholes |= {whole, whole[::-1]}
                # Joined first: two letters at the joint may become one.
                self._joined |= {one_spelling("".join(words)), one_spelling("".join(words[::-1]))}
            pieces = [piece for word in words for piece in (word, *_INNER.split(word))]
            self._parts |= {one_spelling(piece) for piece in pieces if sum(map(str.isalpha, piece)) >= _LEAST_PART}
        self._parts.discard("")
        self._joined = {joined for joined in self._joined if len(joined) > _LEAST_PART} | self._parts

    def replaced(self, text: str, mark: str) -> str:
        """The text with every name replaced by the mark."""
        words = list(_WORD.finditer(text))
        spelt = [one_spelling(match[0]) for match in words]
        gone = [self._is_name(match[0], spelling) for match, spelling in zip(words, spelt, strict=True)]
        for whole in self._wholes:
            for place in range(len(spelt) - len(whole) + 1):
                if tuple(spelt[place : place + len(whole)]) == whole:
                    gone[place : place + len(whole)] = [True] * len(whole)
        if words and not any(char.isalnum() for char in text[words[-1].end() :]):
            gone[-1] = gone[-1] or self._is_cut_name(spelt[-1])
        pieces: list[str] = []
        end_of_last = 0
        for match, is_gone in zip(words, gone, strict=True):
            if is_gone:
                pieces += [text[end_of_last : match.start()], mark]
                end_of_last = match.end()
        return "".join([*pieces, text[end_of_last:]])

    def _is_name(self, word: str, spelling: str) -> bool:
        if spelling in self._joined or any(one_spelling(part) in self._parts for part in _INNER.split(word)):
            return True
        # Two names in one word: ADALOVELACE, or one of them with something short behind it.
        return any(spelling.startswith(part) and spelling[len(part) :] in self._parts for part in self._parts)

    def _is_cut_name(self, spelling: str) -> bool:
        if len(spelling) < _LEAST_CUT:
            return False
        cut = {spelling, spelling[:-1]} if spelling[-1] in "aou" else {spelling}
        return any(name.startswith(one) for name in self._joined for one in cut if len(one) >= _LEAST_CUT - 1)


def one_spelling(word: str) -> str:
    """One spelling for all variants of a name: Jürgen, JUERGEN and Jurgen; Kjær and KJAER; O'Neill and ONEILL."""
    folded = plain(unicodedata.normalize("NFC", word).translate(_UMLAUTS))
    letters = "".join(char for char in folded if char.isalpha())
    return _DIGRAPH.sub(lambda match: match[0][0], letters)
