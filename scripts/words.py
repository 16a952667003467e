"""List words and phrases to avoid in everything that a person reads; exit with 1 if there are any.

It checks README.md, CHANGELOG.md, CONTRIBUTING.md and docs/ (without code and generated pages), the docstrings,
comments, messages and test names of Python, the texts of the page, and the titles of its tests. It skips code in
backticks. Line breaks inside a phrase do not matter. Given paths, it checks only the files below them.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
GENERATED = "<!-- Written by `make docs`"
PYTHON = (ROOT / "backend" / "src", ROOT / "backend" / "tests", ROOT / "backend" / "benchmarks", ROOT / "scripts")
PAGE = ROOT / "frontend" / "src"

AVOID = {
    # In texts every run of white space counts as one blank.
    r"(?<!cannot )(?:told|tells?|telling)": "show, report, return or notify",
    r"(?:let|lets|letting) (?:\w+ )?go": "release or delete",
    r"(?:go|goes|going|went|gone) on(?! (?:the|a|an) )": "resume or continue",
    r"(?<!-)(?:stands?|stood)(?!-| (?:for|in for|out|up|alone)\b)": "is or remains",
    r"(?<!-)standing(?! orders?\b)": "freshness, or is",
    r"ask(?:s|ed|ing)? for": "request",
    r"anew": "again",
    r"(?:kept|keeps?|put|puts) aside": "reject",
    r"for want of": "without",
    r"(?<!there )(?:is|are|was|were) no(?! (?:longer|more|other|less|fewer|later|earlier|better|one)\b)": "is not a",
    r"whoever": "anyone who",
    r"what (?:leaves|would leave)": "what is sent",
    r"in the way of": "block",
    r"(?:what|already|days?|rows?|answers?) (?:is|are|was|were) held|held (?:already|days?|rows?|answers?)": "stored",
    r"of ours": "our own; an error of ours is an internal error",
    r"what (?:you|users?|the user|a user) (?:said|say)": "your edits, the user's edits",
    r"(?:come|comes|came) to rest": "end",
    r"signs? of life": "heartbeat",
}
"""Regular expressions of whole words, and what to write instead."""

PATTERNS = [(re.compile(rf"\b(?:{phrase})(?!\w)", re.IGNORECASE), instead) for phrase, instead in AVOID.items()]

CODE_OF_MARKDOWN = re.compile(r"^```.*?^```|`[^`]*`|(?<=\]\()[^)\s]*", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"/\*.*?\*/|(?<![:'\"\w])//[^\n]*", re.DOTALL)
PAGE_STRING = re.compile(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|`(?:[^`\\]|\\.)*`")
INSERTED = re.compile(r"\$\{[^{}]*\}")
PAGE_TEXT = re.compile(
    r"(?<![=-])>(?!\s*[),:])((?:[^<>{}=;&|]|&\w+;)+)(?=\{|</|(?<=\s)<)|\}((?:[^<>{}=;&|()]|&\w+;)+)(?=\{|</|(?<=\s)<)"
)
TITLE = re.compile(
    r"""\b(?:test|it|describe)(?:\.(?:only|skip|each\([^)]*\)))?\(\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)"""
)
SQL = re.compile(
    r"\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|FROM|WHERE|JOIN|ORDER BY|GROUP BY|CREATE|ALTER|SET|LOCK|AND|OR) "
)
NAME = re.compile(r"[a-z0-9_./:?&=@-]*")
"""A string that is a key, a path or a value, not a text."""


class Text(NamedTuple):
    """A text that people read, and the line on which it begins."""

    line: int
    text: str


def main(paths: list[str]) -> int:
    """Print every finding; return the exit code."""
    below = [Path(path).resolve() for path in paths] or [ROOT]
    findings = 0
    for path in files():
        if not any(path.is_relative_to(one) for one in below):
            continue
        for line, phrase, instead in findings_in(path):
            print(f"{path.relative_to(ROOT)}:{line}: {phrase!r}: write {instead}")
            findings += 1
    return 1 if findings else 0


def files() -> Iterator[Path]:
    """Every file with texts to check."""
    yield from (ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md"))
    yield from sorted((ROOT / "docs").rglob("*.md"))
    for folder in PYTHON:
        modules = (path for path in folder.rglob("*.py") if "node_modules" not in path.parts)
        yield from sorted(path for path in modules if path != Path(__file__).resolve())
    pages = {*PAGE.rglob("*.tsx"), *(PAGE / "lib").glob("*.ts"), *PAGE.rglob("*.test.ts")}
    yield from sorted(pages)


def findings_in(path: Path) -> list[tuple[int, str, str]]:
    """Each line with a phrase to avoid, the phrase, and what to write instead; ascending."""
    source = path.read_text()
    if ".test." in path.name:
        texts = titles_of_tests(source)
    else:
        texts = {".md": texts_of_markdown, ".py": texts_of_python}.get(path.suffix, texts_of_page)(source)
    findings = set()
    for start, text in texts:
        flat, offsets = flattened(text)
        for pattern, instead in PATTERNS:
            for match in pattern.finditer(flat):
                findings.add((start + text.count("\n", 0, offsets[match.start()]), match.group(), instead))
    return sorted(findings)


def flattened(text: str) -> tuple[str, list[int]]:
    """The text with one blank for each run of white space, and where each of its characters was."""
    chars = [(char, at) for at, char in enumerate(text) if not (char.isspace() and at and text[at - 1].isspace())]
    return "".join(" " if char.isspace() else char for char, _ in chars), [at for _, at in chars]


def texts_of_markdown(source: str) -> Iterator[Text]:
    """The document without code and link targets. Generated pages are skipped: their texts are checked in the code."""
    if GENERATED not in source:
        yield Text(1, CODE_OF_MARKDOWN.sub(blanked, source))


def texts_of_python(source: str) -> Iterator[Text]:
    """Every comment, every string with a blank in it, docstrings included, and the names of tests as sentences."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=str(text)) if " " in text.strip() and not SQL.match(text):
                yield Text(node.lineno, CODE_OF_MARKDOWN.sub(blanked, text))
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name.startswith("test_"):
                yield Text(node.lineno, name.replace("_", " "))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield Text(token.start[0], CODE_OF_MARKDOWN.sub(blanked, token.string))


def titles_of_tests(source: str) -> Iterator[Text]:
    """The titles of a file of Vitest tests."""
    for match in TITLE.finditer(source):
        yield Text(line_at(source, match.start(1)), INSERTED.sub(blanked, match.group(1)))


def texts_of_page(source: str) -> Iterator[Text]:
    """Every string that is not a mere name, and every text between tags."""
    code = COMMENT.sub(blanked, source)
    for match in PAGE_STRING.finditer(code):
        if not NAME.fullmatch(match.group()[1:-1]):
            yield Text(line_at(code, match.start()), INSERTED.sub(blanked, match.group()))
    for match in PAGE_TEXT.finditer(PAGE_STRING.sub(blanked, code)):
        group = 1 if match.group(1) is not None else 2
        yield Text(line_at(code, match.start(group)), match.group(group))


def blanked(match: re.Match[str]) -> str:
    """As long and with as many lines as what was matched, without a word."""
    return "".join(char if char == "\n" else "#" for char in match.group())


def line_at(source: str, at: int) -> int:
    """The number of the line of this character."""
    return source.count("\n", 0, at) + 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
