"""`bankimport enrichment`, `rules` and `categories`: for people, for programs, and with wrong input."""

import json
from pathlib import Path
from typing import Any

from tests.support.commands.terminal import on_terminal
from tests.support.servers.model_server import ModelServer
from tests.support.steps.enrichment import add, row
from tests.support.steps.record import Record
from typer.testing import CliRunner

from bankimport.cli import app
from bankimport.enrichment.run.run import run_enrichment


def shown(*arguments: object, code: int = 0) -> str:
    """The output for people, its lines joined."""
    result = on_terminal(300, *arguments)
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


def read(*arguments: object) -> Any:
    """The output for programs."""
    result = CliRunner().invoke(app, [*(str(word) for word in arguments), "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(*arguments: object, code: int = 1) -> str:
    """The error code in the output for programs."""
    result = CliRunner().invoke(app, [*(str(word) for word in arguments), "--json"])
    assert result.exit_code == code, result.output
    return str(json.loads(result.output)["code"])


def test_a_job_from_its_estimate_to_its_undo(record: Record, model: ModelServer) -> None:
    (row_id,) = add(record, "SHOP ONE 1001")
    assert read("enrichment", "status") == {"jobs": [], "next_cursor": None}
    assert "nothing was enriched yet" in shown("enrichment", "status")
    assert read("enrichment", "run", "--estimate")["merchants_to_ask"] == 1
    assert "1 rows, 0 need no model; 1 merchants in 1 calls" in shown("enrichment", "run", "--estimate")
    assert "SHOP ONE" in shown("enrichment", "preview")
    assert read("enrichment", "preview")["calls"] == 1
    assert model.requests == [], "a look sends nothing"

    made = read("enrichment", "run", "--cap", "1 USD")
    assert (made["job_status"], made["cap"], made["cap_currency"]) == ("queued", "1", "USD")
    assert read("enrichment", "pause", made["id"])["job_status"] == "paused"
    assert "paused" in shown("enrichment", "status", made["id"])
    assert read("enrichment", "resume", made["id"], "--cap", "2 USD")["cap"] == "2"
    run_enrichment(int(made["id"]), "test")
    assert read("enrichment", "status", made["id"])["job_status"] == "completed"
    assert "completed" in shown("enrichment", "status")
    assert read("enrichment", "origin", row_id)["category"]["source"] == "model"
    assert "model" in shown("enrichment", "origin", row_id)
    spent = read("enrichment", "spend")
    assert (spent["calls"], spent["input_tokens"]) == (1, 20)
    assert "1 calls" in shown("enrichment", "spend")

    assert refused("enrichment", "cancel", made["id"]) == "not_possible_now"
    shown("enrichment", "undo", made["id"])
    assert row(row_id).category is None
    assert refused("enrichment", "undo", made["id"]) == "not_possible_now"
    later = read("enrichment", "run", "--no-model", "--at", "2030-01-02T03:04:05")
    assert (later["enrich_at"], later["uses_model"]) == ("2030-01-02T03:04:05Z", False)
    assert read("enrichment", "cancel", later["id"])["job_status"] == "cancelled"


def test_a_correction_from_the_review_queue_becomes_a_rule(record: Record) -> None:
    assert "sure of all" in shown("enrichment", "review")
    first, other = add(record, "ZED 1001", "ZED 2002")
    run_enrichment(int(read("enrichment", "run", "--no-model")["id"]), "test")
    (doubt,) = read("enrichment", "review")["doubts"]
    assert (doubt["merchant_key"], doubt["rows"], doubt["money"]) == ("zed", 2, "7.00")
    assert "ZED" in shown("enrichment", "review")
    wanted = ("enrichment", "correct", first, "--category", "Groceries")
    assert read(*wanted, "--preview")["matching"] == 2
    assert "would change" in shown(*wanted, "--preview")
    job_id = read(*wanted, "--apply")["enrichment_job_id"]
    run_enrichment(int(job_id), "test")
    assert row(other).category_source == "correction"
    assert [rule["origin"] for rule in read("rules", "list")["rules"]] == ["correction"]
    assert "learned for 'zed'" in shown("enrichment", "correct", other, "--merchant", "Zed")


def test_private_names_are_listed_added_and_removed(record: Record) -> None:
    assert "yours: none yet" in shown("enrichment", "names")
    assert read("enrichment", "names", "--add", "Augusta", "--add", "Bo Li")["names"] == ["Augusta", "Bo Li"]
    assert read("enrichment", "names", "--remove", "Bo Li")["names"] == ["Augusta"]
    assert refused("enrichment", "names", "--remove", "Bo Li") == "invalid_request"
    assert refused("enrichment", "names", "--add", "7") == "invalid_request"


def test_rules_are_added_ordered_disabled_applied_removed_and_restored(record: Record) -> None:
    (row_id,) = add(record, "CORNER STONE")
    assert "no rules yet" in shown("rules", "list")
    first = read("rules", "add", "corner", "--category", "Groceries")["id"]
    second = read("rules", "add", "stone", "--category", "Food", "--merchant", "Shop")["id"]
    assert "would change" in shown("rules", "add", "corner", "--category", "Fuel", "--preview")
    shown("rules", "move", second, "1")
    assert [rule["id"] for rule in read("rules", "list")["rules"]] == [second, first]
    shown("rules", "disable", second)
    assert refused("rules", "apply", second) == "not_possible_now"
    shown("rules", "enable", second)
    run_enrichment(int(read("rules", "apply", second)["id"]), "test")
    assert (row(row_id).category, row(row_id).merchant) == ("Food", "Shop")
    assert read("rules", "edit", first, "--category", "Fuel")["category"] == "Fuel"
    shown("rules", "remove", first)
    assert refused("rules", "remove", first) == "rule_not_found"
    shown("rules", "restore", first)
    assert "corner" in shown("rules", "list")


def test_categories_are_listed_added_edited_archived_and_restored(record: Record) -> None:
    made = read("categories", "add", "Boats", "--colour", "#00ff00")
    shown("categories", "edit", made["id"], "--name", "Ships")
    assert "Ships" in shown("categories", "list")
    shown("categories", "archive", made["id"])
    (ships,) = [one for one in read("categories", "list")["categories"] if one["id"] == made["id"]]
    assert ships["is_archived"]
    shown("categories", "restore", made["id"])
    assert refused("categories", "add", "Ships") == "category_exists"
    assert refused("categories", "add", "Unknown") == "invalid_request"
    assert refused("categories", "add", "X", "--colour", "red") == "invalid_request"
    assert refused("categories", "archive", "999999") == "category_not_found"


def test_errors_are_reported(record: Record) -> None:
    for arguments, expected in (
        (("enrichment", "status", "999999"), "enrichment_job_not_found"),
        (("enrichment", "pause", "999999"), "enrichment_job_not_found"),
        (("enrichment", "undo", "999999"), "enrichment_job_not_found"),
        (("enrichment", "run", "--import", "999999"), "invalid_request"),
        (("enrichment", "run", "--cap", "much"), "invalid_request"),
        (("enrichment", "origin", "999999"), "transaction_not_found"),
        (("enrichment", "correct", "999999", "--category", "Cash"), "transaction_not_found"),
        (("enrichment", "run", "--user", "bob@example.org"), "not_found"),
        (("rules", "add", "x"), "invalid_request"),
        (("rules", "add", "x", "--category", "No such"), "invalid_request"),
        (("rules", "move", "999999", "1"), "rule_not_found"),
    ):
        assert refused(*arguments) == expected, arguments


def test_an_invalid_file_of_labels_is_reported(record: Record, tmp_path: Path) -> None:
    file = tmp_path / "mine.tsv"
    file.write_text("A\tsideways\t\tFood\n")
    assert "line 1" in shown("enrichment", "evaluate", file, code=1)
    file.write_text("CORNER\tout\t\tGroceries\n")
    assert read("enrichment", "evaluate", file, "--mine")["accuracy"] == 0
    shown("rules", "add", "corner", "--category", "Groceries")
    assert read("enrichment", "evaluate", file, "--mine")["accuracy"] == 1
    assert "no model is set" in shown("enrichment", "evaluate", file, "--model", code=1)
