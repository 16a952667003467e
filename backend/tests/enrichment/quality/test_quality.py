"""The labelled set is what it is said to be, and scores are right."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bankimport.cli import app
from bankimport.enrichment.categories.taxonomy import DEFAULT_CATEGORIES, UNKNOWN
from bankimport.enrichment.ladder.ladder import Decision, Said
from bankimport.enrichment.quality.evaluate import evaluate_without_model, shipped_set
from bankimport.enrichment.quality.score import read_labelled, score
from bankimport.enrichment.rows import Source
from bankimport.errors import InvalidRequest


def test_the_set_that_ships_has_five_hundred_descriptions_of_our_categories_and_none_twice() -> None:
    labelled = read_labelled(shipped_set())
    assert len(labelled) >= 500
    assert len({(item.row.description, item.row.direction) for item in labelled}) == len(labelled)
    assert {item.category for item in labelled} <= {name for name, _, _ in DEFAULT_CATEGORIES} | {UNKNOWN}


def test_scores_count_unknown_as_a_category() -> None:
    labelled = read_labelled("A\tout\t\tFood\nB\tout\t\tFood\nC\tout\t\tunknown\nD\tin\t\tSalary\n")
    food = Decision(None, Said("Food", Source.RULE, 1.0), needs_model=False)
    nothing = Decision(None, None, needs_model=True)
    found = score(labelled, {1: food, 2: nothing, 3: nothing, 4: food}, cost=None, currency=None, calls=0)
    assert (found.accuracy, found.unknown_rate, found.right_when_answered) == (0.5, 0.5, 0.5)
    assert found.macro_f1 == round((2 * 1 / 4 + 2 * 1 / 3 + 0) / 3, 4)
    assert [(rung.rung, rung.answered, rung.right) for rung in found.rungs] == [("rule", 2, 1)]


def test_a_line_that_is_wrong_is_named() -> None:
    with pytest.raises(InvalidRequest, match="line 2"):
        read_labelled("A\tout\t\tFood\nB\tsideways\t\tFood\n")


def test_the_command_scores_a_file_and_the_set_that_ships(tmp_path: Path) -> None:
    file = tmp_path / "mine.tsv"
    file.write_text("PRET\tout\tPret\tCoffee\tFood & Dining/Coffee shops\n")
    shown = CliRunner().invoke(app, ["enrichment", "evaluate", str(file), "--json"])
    assert json.loads(shown.stdout)["accuracy"] == 1.0
    shipped = CliRunner().invoke(app, ["enrichment", "evaluate", "--json"])
    assert json.loads(shipped.stdout)["rows"] == evaluate_without_model(read_labelled(shipped_set())).rows
    missing = CliRunner().invoke(app, ["enrichment", "evaluate", str(tmp_path / "none")])
    assert missing.exit_code == 1
