"""The short way of reading a row gives exactly what the long way gives, for plain rows and for odd ones."""

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.bank.hostile_answers import LONDON, answers, body_of

from bankimport.accounts.models import AccountKind
from bankimport.imports.answers.plain import plain_row
from bankimport.imports.answers.raw import normalised
from bankimport.truelayer.answers import parse_rows, split_rows

ZONES = [LONDON, ZoneInfo("UTC"), ZoneInfo("America/New_York"), ZoneInfo("Pacific/Auckland")]
TIMES = ["2026-03-05T13:45:09Z", "2026-03-05T00:00:00Z", "2026-07-05T23:30:00Z", "2026-03-29T01:00:00Z"]
TIMES += ["2026-10-25T00:59:59Z", "2026-03-05", "2026-03-05T13:45:09.5Z", "2026-02-30T00:00:00Z"]
ODD_TEXTS = ["O'BRIEN", 'SAY "HI"', "BACK\\SLASH", "TAB\tNL\n", "\x7f", "\u2028", "\xa0"]
texts = st.sampled_from(["", " ", "COFFEE", " PADDED ", "CAF\u00c9 \u00abX\u00bb", *ODD_TEXTS])
amounts = st.decimals(-99999, 99999, places=2).map(str) | st.sampled_from(
    ["0", "-0", "-0.0", "12", "1E+2", "1.10", "12345678901234.56", "0.000000001", "-141.5", "10.370000000000001"]
)
members: dict[str, st.SearchStrategy[str]] = {
    "transaction_category": (texts | st.none()).map(json.dumps),
    "transaction_classification": (st.none() | st.lists(texts | st.none(), max_size=3)).map(json.dumps),
    "transaction_id": (texts | st.none()).map(json.dumps),
    "provider_transaction_id": (texts | st.none() | st.just(7)).map(json.dumps),
    "normalised_provider_transaction_id": (texts | st.none()).map(json.dumps),
    "merchant_name": (texts | st.none()).map(json.dumps),
    "running_balance": st.tuples(amounts, st.sampled_from(["GBP", "EUR"])).map(
        lambda balance: f'{{"amount":{balance[0]},"currency":"{balance[1]}"}}'
    )
    | st.sampled_from(["null", "{}", "3", '{"amount":null}', '{"amount":1.50}']),
    "meta": st.dictionaries(
        texts | st.sampled_from(["provider_merchant_name", "counter_party_preferred_name"]),
        texts | st.integers(-9, 9) | st.none() | st.lists(st.floats(-9, 9), max_size=2),
        max_size=4,
    ).map(json.dumps)
    | st.sampled_from(["null", "[]", "{}", '{"a":1e400}', '{"a":123456789012345678901234567890}', '{"a":"\\u0000"}']),
}
needed = st.fixed_dictionaries(
    {
        "timestamp": st.sampled_from(TIMES).map(json.dumps),
        "description": texts.map(json.dumps),
        "amount": amounts,
        "currency": st.sampled_from(["GBP", "EUR", "gbp", "POUND"]).map(json.dumps),
        "transaction_type": st.sampled_from(["DEBIT", "CREDIT", "debit", ""]).map(json.dumps),
    }
)
usual_rows = st.builds(
    lambda first, rest: "{" + ",".join(f'"{name}":{value}' for name, value in (first | rest).items()) + "}",
    needed,
    st.fixed_dictionaries({}, optional=members),
)


@given(st.lists(usual_rows, max_size=4) | answers, st.sampled_from(AccountKind), st.sampled_from(ZONES))
def test_the_short_way_is_the_long_way(written: list[str], kind: AccountKind, zone: ZoneInfo) -> None:
    body = body_of(written)

    assert _shown(normalised(split_rows(body), kind, zone)) == _shown(normalised(parse_rows(body), kind, zone))


def test_a_plain_row_takes_the_short_way() -> None:
    row = (
        '{"timestamp":"2026-03-05T13:45:09Z","description":"CAF\u00c9","transaction_type":"DEBIT","amount":-3.5,'
        '"currency":"GBP","running_balance":{"amount":10,"currency":"GBP"},"meta":{"b":1,"a":"x"}}'
    )
    (unread,) = split_rows(body_of([row]))

    assert plain_row(unread.raw, 0, AccountKind.ACCOUNT, LONDON) is not None


@pytest.mark.parametrize("amount", ['"NaN"', '"sNaN"', '"NaN12"', '"-Infinity"', '"Inf"'])
def test_a_text_that_is_not_a_number_rejects_its_row(amount: str) -> None:
    row = (
        '{"timestamp":"2026-03-05T13:45:09Z","description":"CAF\u00c9","transaction_type":"DEBIT","amount":%s,'
        '"currency":"GBP","running_balance":{"amount":%s,"currency":"GBP"}}'
    )
    body = body_of([row % (amount, "10"), row % ("-3.5", amount)])

    for kind in AccountKind:
        (read,), (rejected,) = normalised(split_rows(body), kind, LONDON)

        assert (read.position, read.running_balance) == (1, None)
        assert rejected[1] == "amount is missing or not a number"


def _shown(read: Any) -> str:
    return repr(read)
