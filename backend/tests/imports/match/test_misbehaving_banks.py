"""A journey with each bank that misbehaves: imports, days that pass, what proof says, what healing mends.

At every step of every journey the record is held against what really happened: no day whose rows are wrong may be
called proven or balanced, what is missing is named to the penny, and what the bank gives again is healed by the offered
action.
"""

import io
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from starlette.testclient import TestClient
from tests.conftest import Installation
from tests.imports.run.test_run import happened, stored
from tests.proof.test_prove import accounts, days_that_are, proof_of, wrong_days
from tests.support.clock import travel

from bankimport.audit.evidence_check import check_pack
from bankimport.clock import utc_today

BANK = "sim-plain"
HELD_DAYS = 21
LATER = 9
PERIOD = 420
"""Quirks of simulated banks come back every so many days: journeys begin on the third day of such a period, whatever
day it is today, so that one of each kind falls between the first import and the second."""
SURE = ("proven", "balanced")
IDLESS = {"has_normalised_ids": False, "has_provider_ids": False}


class Journey:
    """One user's account at a bank that behaves as told, and a clock that is moved for the bank and for us."""

    def __init__(self, installation: Installation, **behaviour: Any) -> None:
        self.installation = installation
        self.late_days = behaviour.get("late_days", 0)
        self.behave(accounts=1, cards=0, history_days=60, **behaviour)
        self.days_pass((2 - utc_today().toordinal()) % PERIOD)
        self.client: TestClient = installation.signed_in()
        self.connection_id = installation.connect(self.client, BANK)
        self.account_id = accounts(self.client, self.connection_id)[0]
        self.first = utc_today() - timedelta(days=HELD_DAYS)

    def behave(self, **behaviour: Any) -> None:
        self.installation.simulator.admin("PATCH", f"profiles/{BANK}", **behaviour)

    def days_pass(self, days: int) -> None:
        """Move the clock, the bank's and ours."""
        travel(days=days)

    def import_all(self) -> Any:
        body = {"connection_id": self.connection_id, "from_date": self.first.isoformat(), "auto_enrich": False}
        planned = self.client.post("/api/truelayer/import/plan", json=body).raise_for_status().json()
        started = self.client.post("/api/truelayer/import/start", json={"job_id": planned["job_id"]})
        started.raise_for_status()
        self.installation.run_tasks()
        return self.looked_at()

    def looked_at(self) -> Any:
        """The proof as it stands, having made sure that it is sure of nothing that is wrong."""
        proof = proof_of(self.client, self.account_id)
        assert not self.wrong() & days_that_are(proof, *SURE)
        return proof

    def wrong(self) -> set[date]:
        return wrong_days(stored(self.account_id), self.true())

    def true(self) -> Counter[tuple[str, str]]:
        """What really happened up to now, rows that the bank keeps back for some days included."""
        self.behave(late_days=0)
        true = happened(self.installation, BANK, "account", 0, self.first)
        self.behave(late_days=self.late_days)
        return true

    def lacking(self, days: set[date]) -> Decimal:
        """What the rows held of these days lack, as an amount; what is held too much counts against it."""

        def total(rows: Counter[tuple[str, str]]) -> Decimal:
            mine = (Decimal(amount) * many for (day, amount), many in rows.items() if date.fromisoformat(day) in days)
            return sum(mine, Decimal(0))

        return total(self.true()) - total(stored(self.account_id))

    def heal(self) -> Any:
        answer = self.client.post(f"/api/truelayer/accounts/{self.account_id}/heal").raise_for_status().json()
        assert answer["job_ids"]
        self.installation.run_tasks()
        return self.looked_at()


def missing(proof: Any) -> list[Decimal]:
    """What the proof misses, once for all the stretches that are to be fetched again together."""
    broken = [item for item in proof["strip"] if item["proof"] == "broken"]
    amounts = {(item["refetch"]["from"], item["refetch"]["to"]): Decimal(item["missing_amount"]) for item in broken}
    return list(amounts.values())


def days_of(ranges: list[dict[str, str]]) -> set[date]:
    found: set[date] = set()
    for item in ranges:
        first, last = date.fromisoformat(item["from"]), date.fromisoformat(item["to"])
        found |= {first + timedelta(days=number) for number in range((last - first).days + 1)}
    return found


class Bank(NamedTuple):
    """How a bank behaves from the first import on, and how from the second.

    `named` is whether proof can name what is wrong after the second import, where the bank gives running balances and
    where it does not, and `hinted` whether it asks for the end again where it can only suspect; `heals` whether the
    offered action mends that while the bank stays as it is, and `mends` whether a later import does.
    """

    behaviour: dict[str, Any]
    later: Mapping[str, Any] = MappingProxyType({})
    named: tuple[bool, bool] = (False, False)
    hinted: bool = False
    heals: bool = True
    mends: bool = True


ALWAYS = (True, True)
DRIFTING = {"has_normalised_ids": False, "provider_ids_churn": True, "churn": "call"}
REUSED = {"has_normalised_ids": False, "reused_provider_ids": True}
AMENDED = {"amendment": "amount", "amends_balances": True}

BANKS = {
    "dropped row": Bank({}, {"dropped": True}, named=ALWAYS),
    "doubled row": Bank({}, {"doubled": True}),
    "doubled row without ids": Bank(IDLESS, {"doubled": True}, named=ALWAYS, heals=False, mends=False),
    "drifted id": Bank(DRIFTING | {"twins": True}),
    "reused id": Bank(REUSED | {"twins": True}),
    "twin": Bank({"twins": True}),
    "twin without ids": Bank(IDLESS | {"twins": True}),
    "amended row": Bank(AMENDED),
    "amended row, balances as before": Bank({"amendment": "amount"}, named=ALWAYS, heals=False, mends=False),
    "late row": Bank({"late_days": 3}, named=ALWAYS, heals=False),
    "vanished pending": Bank({"pending": 4, "pending_vanishes": True}),
    "truncated answer": Bank({}, {"most_rows_in_answer": 26}, named=ALWAYS),
    "truncated answer, oldest rows first": Bank(
        {"newest_first": False}, {"most_rows_in_answer": 26}, named=(False, True), hinted=True
    ),
    "reversed array order": Bank({"newest_first": False}),
}


@pytest.mark.parametrize("has_running_balance", [True, False], ids=["with running balances", "without"])
@pytest.mark.parametrize("name", BANKS)
def test_a_bank_that_misbehaves_is_named_healed_where_it_lets_us_and_never_called_sure_while_wrong(
    installation: Installation, name: str, has_running_balance: bool
) -> None:
    bank = BANKS[name]
    is_named = bank.named[0 if has_running_balance else 1]
    journey = Journey(installation, has_running_balance=has_running_balance, **bank.behaviour)
    journey.import_all()
    journey.days_pass(LATER)
    journey.behave(**bank.later)

    proof = journey.import_all()
    is_hinted = bank.hinted and not is_named
    assert bool(missing(proof)) is is_named
    assert bool(proof["refetch"]) is (is_named or is_hinted)
    assert ("maybe_cut_off" in {item["why"] for item in proof["strip"]}) is is_hinted
    if is_named:
        # A bank whose balances contradict its rows lacks nothing that could be summed.
        lacking = journey.lacking(days_of(proof["refetch"]))
        assert sum(missing(proof)) == lacking or (lacking == 0 and all(missing(proof)))
    # An answer that is cut off at the newest end brings a day or two more each time, since older days are evidence.
    for _ in range((6 + HELD_DAYS * is_hinted) if bank.heals else 1):
        if proof["refetch"]:
            proof = journey.heal()
    assert bool(proof["refetch"]) is (is_named and not bank.heals)
    journey.days_pass(2)
    journey.behave(most_rows_in_answer=None)
    proof = journey.import_all()
    assert bool(proof["refetch"]) is (is_named and not bank.mends)
    if bank.mends:
        assert journey.wrong() == set()
        since = journey.first if has_running_balance else journey.first + timedelta(days=HELD_DAYS)
        whole = {since + timedelta(days=number) for number in range(1, (utc_today() - since).days)}
        assert days_that_are(proof, "proven" if has_running_balance else "balanced") == whole


@pytest.mark.parametrize("has_running_balance", [True, False], ids=["with running balances", "without"])
def test_days_of_an_answer_that_was_cut_off_are_not_held_until_it_comes_whole(
    installation: Installation, has_running_balance: bool
) -> None:
    journey = Journey(installation, has_running_balance=has_running_balance)
    journey.import_all()
    journey.days_pass(LATER)
    held = stored(journey.account_id)
    installation.simulator.admin("POST", "faults", kind="truncate", path="/transactions")

    proof = journey.import_all()

    assert stored(journey.account_id) == held
    assert days_that_are(proof, *SURE) <= {journey.first + timedelta(days=number) for number in range(HELD_DAYS + 1)}
    installation.simulator.admin("DELETE", "faults")
    journey.days_pass(1)
    installation.run_tasks()
    proof = journey.looked_at()
    assert stored(journey.account_id) != held
    assert proof["refetch"] == []


@pytest.mark.parametrize("behaviour", [{}, {"pending_keeps_id": True}, IDLESS], ids=["new ids", "same ids", "no ids"])
def test_a_pending_row_that_is_booked_stays_the_same_row_with_what_its_user_said(
    installation: Installation, behaviour: dict[str, Any]
) -> None:
    # Six rows a day on average are at least three on every day, so tomorrow has as many as are pending today.
    journey = Journey(installation, pending=3, rows_per_day=6, **behaviour)
    journey.import_all()
    listed = {"account_id": journey.account_id, "status": "pending"}
    pending = journey.client.get("/api/transactions", params=listed).json()["transactions"]
    assert len(pending) == 3
    for row in pending:
        journey.client.patch(f"/api/transactions/{row['id']}", json={"category": "Mine"}).raise_for_status()
    journey.days_pass(1)

    journey.import_all()

    booked = journey.client.get("/api/transactions", params={"status": "booked", "limit": 1000}).json()["transactions"]
    assert {(row["id"], row["amount"]) for row in booked if row["category"] == "Mine"} == {
        (row["id"], row["amount"]) for row in pending
    }
    assert journey.wrong() == set()
    job_id = journey.client.get("/api/truelayer/import/history").json()["imports"][0]["job_id"]
    assert check_pack(io.BytesIO(journey.client.get(f"/api/truelayer/import/{job_id}/evidence").content)) == []
