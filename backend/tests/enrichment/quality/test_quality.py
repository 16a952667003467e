"""The labelled set is as documented, and scores are correct."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bankimport.cli import app
from bankimport.enrichment.categories.taxonomy import DEFAULT_CATEGORIES, UNKNOWN
from bankimport.enrichment.ladder.ladder import Decision, SourcedValue
from bankimport.enrichment.quality.compare import differences
from bankimport.enrichment.quality.evaluate import evaluate_without_model, shipped_set, stored_figures
from bankimport.enrichment.quality.score import Labelled, read_labelled, score
from bankimport.enrichment.rows import Source
from bankimport.errors import InvalidRequest

LEAST_PRECISION = 0.92
LEAST_ACCURACY = 0.96


def test_the_included_set_has_a_thousand_distinct_descriptions_of_our_categories() -> None:
    labelled = read_labelled(shipped_set())
    assert len(labelled) >= 1000
    assert len({(item.row.description, item.row.direction) for item in labelled}) == len(labelled)
    assert {item.category for item in labelled} <= {name for name, _, _ in DEFAULT_CATEGORIES} | {UNKNOWN}


def test_scores_count_unknown_as_a_category() -> None:
    labelled = read_labelled("A\tout\t\tFood\nB\tout\t\tFood\nC\tout\t\tunknown\nD\tin\t\tSalary\n")
    food = Decision(None, SourcedValue("Food", Source.RULE, 1.0), needs_model=False)
    nothing = Decision(None, None, needs_model=True)
    found = score(labelled, {1: food, 2: nothing, 3: nothing, 4: food}, cost=None, currency=None, calls=0)
    assert (found.accuracy, found.unknown_rate, found.right_when_answered) == (0.5, 0.5, 0.5)
    assert found.macro_f1 == round((2 * 1 / 4 + 2 * 1 / 3 + 0) / 3, 4)
    assert [(rung.rung, rung.answered, rung.right) for rung in found.rungs] == [("rule", 2, 1)]


def test_columns_may_be_named_and_parts_and_calibration_are_scored() -> None:
    text = "country\tdescription\tdirection\tcategory\tmerchant\tgroup\ttransaction_category\n"
    text += "DE\tA\tout\tFood\tAda's\tbrand\tPURCHASE\nIT\tB\tout\tHome\t\ttrade\t\n"
    labelled = read_labelled(text)
    assert [(item.country, item.group, item.row.transaction_category) for item in labelled] == [
        ("DE", "brand", "PURCHASE"),
        ("IT", "trade", None),
    ]
    food = SourcedValue("Food", Source.RULE, 0.85)
    named = Decision(SourcedValue("ADAS", Source.RULE, 1.0), food, needs_model=False)
    decisions = {2: named, 3: Decision(None, food, needs_model=True)}
    found = score(labelled, decisions, cost=None, currency=None, calls=0)
    assert [(part.part, part.accuracy, part.coverage, part.precision) for part in found.countries] == [
        ("DE", 1.0, 1.0, 1.0),
        ("IT", 0.0, 1.0, 0.0),
    ]
    assert [part.part for part in found.groups] == ["brand", "trade"]
    assert [(item.confidence, item.answered, item.right) for item in found.calibration] == [(0.85, 2, 1)]
    assert (found.merchants.rows, found.merchants.answered, found.merchants.right, found.asks) == (1, 1, 1, 1)
    better = score(labelled[:1], decisions, cost=None, currency=None, calls=0)
    assert [(item.before, item.now) for item in differences(found, better) if item.figure == "accuracy DE"] == [(1, 1)]
    assert [(item.before, item.now) for item in differences(found, better) if item.figure == "accuracy IT"] == [
        (0, None)
    ]


def test_the_ladder_without_a_model_is_never_worse_than_the_stored_figures() -> None:
    """After an improvement, raise the figures in `quality/stored_figures.json` to the output of this run."""
    stored = json.loads(stored_figures())
    found = evaluate_without_model(read_labelled(shipped_set()))
    now = {name: getattr(found, name) for name in stored["whole"]}
    assert {name: figure for name, figure in now.items() if figure < stored["whole"][name]} == {}, now
    accuracies = {part.part: part.accuracy for part in [*found.countries, *found.groups]}
    assert {part for part, least in stored["accuracy"].items() if accuracies[part] < least} == set(), accuracies
    badly_calibrated = [
        item for item in found.calibration if item.answered >= 30 and item.precision < item.confidence - 0.03
    ]
    assert badly_calibrated == []


def unseen(name: str) -> list[Labelled]:
    """A sample that was written before the lists were measured with it; see docs/enrichment.md."""
    return read_labelled((Path(__file__).parent / name).read_text(encoding="utf-8"))


def test_forty_chains_of_each_of_twelve_countries_are_known_with_few_errors() -> None:
    found = evaluate_without_model(unseen("chains.tsv"))
    assert {part.part: part.rows for part in found.countries} == dict.fromkeys(
        ("DE", "DK", "ES", "FI", "FR", "IE", "IT", "NL", "NO", "PL", "SE", "US"), 40
    )
    assert {part.part: part.precision for part in found.countries if (part.precision or 0) < LEAST_PRECISION} == {}
    assert found.accuracy >= LEAST_ACCURACY, found.accuracy


def test_shops_wages_cash_and_fees_of_twelve_countries_are_known_with_few_errors() -> None:
    found = evaluate_without_model(unseen("payments.tsv"))
    assert (found.right_when_answered or 0) >= LEAST_PRECISION, found
    assert found.asks <= 0.16 * found.rows, "90 of 555 texts is the most that a model should be asked about"


def test_few_merchants_are_left_for_a_model() -> None:
    labelled = read_labelled(shipped_set())
    assert evaluate_without_model(labelled).asks <= 0.09 * len(labelled)


def test_the_error_for_a_wrong_line_has_its_number() -> None:
    with pytest.raises(InvalidRequest, match="line 2"):
        read_labelled("A\tout\t\tFood\nB\tsideways\t\tFood\n")


def test_the_command_scores_a_file_and_the_included_set(tmp_path: Path) -> None:
    file = tmp_path / "mine.tsv"
    file.write_text("PRET\tout\tPret\tCoffee\tFood & Dining/Coffee shops\n")
    shown = CliRunner().invoke(app, ["enrichment", "evaluate", str(file), "--json"])
    assert json.loads(shown.stdout)["accuracy"] == 1.0
    shipped = CliRunner().invoke(app, ["enrichment", "evaluate", "--json"])
    earlier = tmp_path / "earlier.json"
    earlier.write_text(shipped.stdout)
    compared = CliRunner().invoke(app, ["enrichment", "evaluate", "--compare", str(earlier)])
    assert "+0.0000" in compared.stdout
    assert CliRunner().invoke(app, ["enrichment", "evaluate", "--compare", str(file)]).exit_code == 1
    assert json.loads(shipped.stdout)["rows"] == evaluate_without_model(read_labelled(shipped_set())).rows
    missing = CliRunner().invoke(app, ["enrichment", "evaluate", str(tmp_path / "none")])
    assert missing.exit_code == 1
