"""A user's account at a misbehaving bank, over several days."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from starlette.testclient import TestClient

from bankimport.clock import utc_today
from tests.support.steps.imports import happened, stored
from tests.support.steps.installation import Installation
from tests.support.steps.proof import SURE, accounts, days_that_are, proof_of, wrong_days
from tests.support.suite.clock import travel

BANK = "sim-plain"
HELD_DAYS = 21
PERIOD = 420
"""Quirks of simulated banks recur every so many days: journeys begin on the third day of such a period, whatever
today is, so that one of each kind falls between the first import and the second."""


class Journey:
    """One user's account at a bank with the given behaviour, and a clock that is moved for the bank and for us."""

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
        """Move the bank's clock and ours."""
        travel(days=days)

    def import_all(self) -> Any:
        body = {"connection_id": self.connection_id, "from_date": self.first.isoformat(), "auto_enrich": False}
        planned = self.client.post("/api/truelayer/import/plan", json=body).raise_for_status().json()
        started = self.client.post("/api/truelayer/import/start", json={"job_id": planned["job_id"]})
        started.raise_for_status()
        self.installation.run_tasks()
        return self.looked_at()

    def looked_at(self) -> Any:
        """The present proof, after checking that nothing wrong is called certain."""
        proof = proof_of(self.client, self.account_id)
        assert not self.wrong() & days_that_are(proof, *SURE)
        return proof

    def wrong(self) -> set[date]:
        return wrong_days(stored(self.account_id), self.true())

    def true(self) -> Counter[tuple[str, str]]:
        """What really happened so far, including rows that the bank withholds for some days."""
        self.behave(late_days=0)
        true = happened(self.installation, BANK, "account", 0, self.first)
        self.behave(late_days=self.late_days)
        return true

    def lacking(self, days: set[date]) -> Decimal:
        """The amount that the stored rows of these days lack; surplus rows count against it."""

        def total(rows: Counter[tuple[str, str]]) -> Decimal:
            mine = (Decimal(amount) * many for (day, amount), many in rows.items() if date.fromisoformat(day) in days)
            return sum(mine, Decimal(0))

        return total(self.true()) - total(stored(self.account_id))

    def heal(self) -> Any:
        answer = self.client.post(f"/api/truelayer/accounts/{self.account_id}/heal").raise_for_status().json()
        assert answer["job_ids"]
        self.installation.run_tasks()
        return self.looked_at()
