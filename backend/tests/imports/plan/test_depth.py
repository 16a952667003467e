"""Published facts about banks shape the first estimate of a plan and nothing else."""

from datetime import date, timedelta

import pytest

from bankimport.accounts.models import AccountKind
from bankimport.connections.bank_facts import facts_of
from bankimport.days import Days
from bankimport.imports.plan.depth import COMMON_DEPTH_DAYS, days_with_history, gives_at_any_time, too_deep

TODAY = date(2026, 11, 29)
SIX_YEARS = [Days(TODAY - timedelta(days=2190), TODAY)]


@pytest.mark.parametrize(
    ("bank_id", "kind", "days"),
    [
        ("ob-nationwide", AccountKind.ACCOUNT, 457),
        ("ob-nationwide", AccountKind.CARD, 91),
        ("uk-ob-monzo", AccountKind.CARD, 2191),
        ("ob-mbna", AccountKind.CARD, 183),
        ("ob-mbna", AccountKind.ACCOUNT, 2191),
        ("ob-unheard-of", AccountKind.ACCOUNT, 2191),
    ],
)
def test_the_published_depth_of_banks(bank_id: str, kind: AccountKind, days: int) -> None:
    assert days_with_history(SIX_YEARS, bank_id, kind, TODAY) == days


def test_only_a_bank_of_unknown_depth_is_taken_to_have_the_usual_depth() -> None:
    def days(bank_id: str) -> int:
        return days_with_history(SIX_YEARS, bank_id, AccountKind.ACCOUNT, TODAY, if_unknown=COMMON_DEPTH_DAYS)

    assert (days("ob-unheard-of"), days("ob-nationwide")) == (731, 457)


def test_a_plan_lists_days_older_than_the_banks_history() -> None:
    found = too_deep(SIX_YEARS[0], "ob-nationwide", "Nationwide", {AccountKind.ACCOUNT}, TODAY)

    assert found is not None
    assert "Nationwide usually has about 456 days" in found[0]
    assert found[1] == Days(SIX_YEARS[0].first, TODAY - timedelta(days=457))
    assert too_deep(Days(TODAY, TODAY), "ob-nationwide", "Nationwide", {AccountKind.CARD}, TODAY) is None


def test_both_provider_ids_of_a_bank_have_its_facts_and_only_some_allow_deep_history_anytime() -> None:
    assert facts_of("oauth-monzo") == facts_of("ob-monzo")
    assert gives_at_any_time("ob-barclays")
    assert not gives_at_any_time("ob-lloyds")
