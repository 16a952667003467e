"""Reports by users of other importers, from the bank's answer to what is shown, undone and verified."""

from typing import Any

from starlette.testclient import TestClient
from tests.support.bank.answers import a_row, answer_with
from tests.support.steps.imports import IMPORT, accounts_by_kind, run_import
from tests.support.steps.installation import Installation
from tests.support.suite.clock import travel

from bankimport.audit.verify import verify_user
from bankimport.db.session import session_scope


def plain(days_ago: int, amount: float, text: str, **fields: Any) -> dict[str, Any]:
    row = a_row(days_ago, 1, amount=amount, description=text) | fields
    del row["normalised_provider_transaction_id"]
    return row


class Account:
    """An account whose answers the test writes, import by import."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.client: TestClient = installation.signed_in()
        self.connection_id = installation.connect(self.client, "sim-pending")
        self.id = accounts_by_kind(self.client, self.connection_id)["account"][0]["account_id"]

    def import_all(self, booked: list[dict[str, Any]], pending: list[dict[str, Any]] | None = None) -> Any:
        answer_with(self.installation, "/transactions", booked)
        answer_with(self.installation, "/pending", pending or [])
        return run_import(self.installation, self.client, self.connection_id, account_ids=[self.id])

    def rows(self, status: str = "booked") -> list[dict[str, Any]]:
        params = {"account_id": self.id, "status": status, "limit": 1000}
        found: list[dict[str, Any]] = self.client.get("/api/transactions", params=params).json()["transactions"]
        return found

    def texts(self, status: str = "booked") -> list[str]:
        return sorted(row["description"] for row in self.rows(status))

    def events(self, job: Any) -> list[str]:
        listed = self.client.get(f"{IMPORT}/{job['job_id']}/events").raise_for_status().json()["events"]
        return [event["type"] for event in listed]


def test_repeated_pages_changed_texts_and_moved_days_leave_one_row_each(installation: Installation) -> None:
    account = Account(installation)
    page = [plain(3, -10, "A", transaction_id="x1"), plain(4, -5, "B", transaction_id="x2")]

    first = account.import_all([*page, *page])

    assert account.texts() == ["A", "B"]
    assert {tuple(row["flags"]) for row in account.rows()} == {("repeated_block", "doubtful")}
    assert "block_repeated" in account.events(first)
    assert first["total_so_far"] == {"synced": 2, "duplicates": 2, "errors": 0}
    with session_scope() as session:
        assert verify_user(session, 1).findings == []
    (row,) = [row for row in account.rows() if row["description"] == "A"]
    account.client.patch(f"/api/transactions/{row['id']}", json={"category": "Gifts"}).raise_for_status()
    # Listed once, one text is completed and one day moved, and one amount has float noise.
    noisy = plain(2, -(0.1 + 0.2), "DONATION", meta={"provider_id": 7})

    second = account.import_all([plain(3, -10, "A LTD"), plain(2, -5, "B"), noisy])

    assert second["total_so_far"] == {"synced": 1, "duplicates": 2, "errors": 0}
    rows = {row["description"]: row for row in account.rows()}
    assert sorted(rows) == ["A LTD", "B", "DONATION"]
    assert (rows["A LTD"]["id"], rows["A LTD"]["category"], rows["A LTD"]["flags"]) == (row["id"], "Gifts", [])
    assert (rows["DONATION"]["amount"], rows["DONATION"]["flags"]) == ("-0.30", ["float_noise"])
    assert account.client.get("/api/reviews").json()["reviews"] == []
    with session_scope() as session:
        assert verify_user(session, 1).findings == []

    account.client.post(f"{IMPORT}/{second['job_id']}/undo", json={}).raise_for_status()

    assert account.texts() == ["A", "B"]
    assert {tuple(row["flags"]) for row in account.rows()} == {("repeated_block", "doubtful")}


def test_a_booked_row_is_marked_while_it_is_still_listed_as_pending(installation: Installation) -> None:
    account = Account(installation)
    pending = a_row(3, 2, normalised_provider_transaction_id="pend-1")
    booked = a_row(3, 2, normalised_provider_transaction_id="book-1")
    account.import_all([], [pending])
    assert account.texts("pending") == ["ROW 2"]

    status = account.import_all([booked], [pending])

    assert account.texts("pending") == []
    assert [row["still_pending"] for row in account.rows()] == [True]
    assert status["accounts"][0]["pending"] == 0
    last = account.import_all([booked], [])
    assert [row["still_pending"] for row in account.rows()] == [False]
    account.client.post(f"{IMPORT}/{last['job_id']}/undo", json={}).raise_for_status()
    assert [row["still_pending"] for row in account.rows()] == [True]
    with session_scope() as session:
        assert verify_user(session, 1).findings == []


def test_a_dry_run_says_and_does_the_day_after_what_it_said_on_the_day_of_its_answer(
    installation: Installation,
) -> None:
    account = Account(installation)
    account.import_all([plain(0, -10, "SHOP"), plain(9, -3, "OLD")])
    answer_with(installation, "/transactions", [plain(0, -10, "SHOP IN FULL"), plain(9, -3, "OLD")])
    answer_with(installation, "/pending", [])
    job = run_import(installation, account.client, account.connection_id, account_ids=[account.id], dry_run=True)
    path = f"{IMPORT}/{job['job_id']}"
    diff = account.client.get(f"{path}/diff").raise_for_status().json()
    (counts,) = [item["counts"] for item in diff["accounts"]]
    assert (counts["new"], counts["changed"], counts["lacking"]) == (0, 1, 0)

    travel(days=2)

    assert account.client.get(f"{path}/diff").json() == diff
    account.client.post(f"{path}/commit").raise_for_status()
    installation.run_tasks()
    assert account.texts() == ["OLD", "SHOP IN FULL"]
    with session_scope() as session:
        assert verify_user(session, 1).findings == []


def test_an_edit_that_may_belong_to_another_payment_is_asked_about_and_can_be_dropped_and_brought_back(
    installation: Installation,
) -> None:
    account = Account(installation)
    account.import_all([plain(3, -10, "CARD 1"), plain(3, -10, "CARD 2"), plain(4, -1, "OTHER")])
    edited = account.rows()[0]["id"]
    account.client.patch(f"/api/transactions/{edited}", json={"category": "Gifts"}).raise_for_status()

    account.import_all([plain(3, -10, "COFFEE HOUSE"), plain(3, -10, "BUS"), plain(4, -1, "OTHER")])

    (review,) = account.client.get("/api/reviews").json()["reviews"]
    assert (review["kind"], review["transaction"]["id"]) == ("unsure_which", edited)
    assert (review["ours"]["category"], review["banks"]["category"]) == ("Gifts", None)
    assert account.texts() == ["BUS", "COFFEE HOUSE", "OTHER"]
    for decision, category in (("taken", None), ("kept", "Gifts")):
        body = {"review_ids": [review["id"]], "decision": decision}
        account.client.post("/api/reviews/decide", json=body).raise_for_status()
        assert next(row for row in account.rows() if row["id"] == edited)["category"] == category
        account.client.post(f"/api/reviews/{review['id']}/reopen").raise_for_status()
