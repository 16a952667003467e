"""A journey with each misbehaving bank: imports, passing days, what the proof reports, what healing repairs.

At every step of every journey the record is compared with what really happened: no day with wrong rows may be called
proven or balanced, what is missing is reported to the penny, and what the bank returns again is healed by the offered
action.
"""

import io
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from tests.support.bank.bank_journey import HELD_DAYS, Journey
from tests.support.steps.imports import stored
from tests.support.steps.installation import Installation
from tests.support.steps.proof import SURE, days_that_are

from bankimport.audit.evidence_check import check_pack
from bankimport.clock import utc_today

LATER = 9
IDLESS = {"has_normalised_ids": False, "has_provider_ids": False}


def missing(proof: Any) -> list[Decimal]:
    """The missing amounts of the proof, once for all the stretches that are fetched again together."""
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
    """How a bank behaves from the first import on, and from the second.

    `named` is whether the proof can report the fault after the second import, for banks with running balances and
    without; `hinted` is whether it requests the end again if it only suspects a fault; `heals` is whether the offered
    action repairs it while the bank stays as it is, and `mends` whether a later import does.
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
    "doubled row without ids": Bank(IDLESS, {"doubled": True}, named=(False, True), heals=False, mends=False),
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
def test_faults_of_a_misbehaving_bank_are_reported_healed_if_possible_and_never_called_sure(
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
        # A bank whose balances contradict its rows lacks nothing that could be summed up.
        lacking = journey.lacking(days_of(proof["refetch"]))
        assert sum(missing(proof)) == lacking or (lacking == 0 and all(missing(proof)))
    # An answer cut off at the newest end brings a day or two more each time, because older days are evidence.
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
def test_days_of_a_cut_off_answer_are_not_stored_until_it_is_complete(
    installation: Installation, has_running_balance: bool
) -> None:
    journey = Journey(installation, has_running_balance=has_running_balance)
    journey.import_all()
    journey.days_pass(LATER)
    before = stored(journey.account_id)
    installation.simulator.admin("POST", "faults", kind="truncate", path="/transactions")

    proof = journey.import_all()

    assert stored(journey.account_id) == before
    assert days_that_are(proof, *SURE) <= {journey.first + timedelta(days=number) for number in range(HELD_DAYS + 1)}
    installation.simulator.admin("DELETE", "faults")
    journey.days_pass(1)
    installation.run_tasks()
    proof = journey.looked_at()
    assert stored(journey.account_id) != before
    assert proof["refetch"] == []


@pytest.mark.parametrize("behaviour", [{}, {"pending_keeps_id": True}, IDLESS], ids=["new ids", "same ids", "no ids"])
def test_a_booked_pending_row_stays_the_same_row_with_its_edits(
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
