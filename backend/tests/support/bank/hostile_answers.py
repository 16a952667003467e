"""Answers with every kind of value that a bank may put into a row."""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bankimport.clock import utc_today

LONDON = ZoneInfo("Europe/London")
TODAY = utc_today()

NUMBERS = [
    "-3.5", "10", "0", "-0.0", "-0", "1E+2", "1e-2", "-3.50000000", "0.30000000000000004", "1234.5600000000002",
    "1e14", "999999999999999.99999999", "1e15", "1e999", "1e-999", "0e99999999", "1e99999999999999999999", "9" * 400,
    "0." + "1" * 400, "true", "null", "[]", '"12.5"', '"1,5"', '"NaN"', '"Infinity"', '""',
    "NaN", "-Infinity",
]  # fmt: skip
TEXTS = [
    '"COFFEE"', '""', "null", r'"nul \u0000 in it"', r'"\u0000"', r'"half \ud800 of a pair"', r'"\ud83d\ude42"',
    r'"\\ud800 written out"', '"caf\u00e9 \u98df\u8cbb \u202eabc"', '"' + "x" * 70_000 + '"', "7", r'"\t"', '"\\ufeff"',
]  # fmt: skip
TIMES = [
    TODAY.isoformat() + "T00:00:00Z",
    TODAY.isoformat() + "T00:00:00",
    TODAY.isoformat(),
    (TODAY - timedelta(days=2)).isoformat() + "T23:30:00.1234567-05:00",
    (TODAY - timedelta(days=5)).isoformat() + "T12:00:00+00:00",
    (TODAY - timedelta(days=5)).isoformat() + "T12:00:00+99:99",
    (TODAY - timedelta(days=12)).isoformat() + "T00:00:00Z",
    (TODAY - timedelta(days=400)).isoformat() + "T00:00:00Z",
    (TODAY + timedelta(days=3)).isoformat() + "T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "2017-02-247T00:00:00Z",
    TODAY.isoformat() + "T24:00:00Z",
    "٢٠٢٦-٠١-٠١T00:00:00Z",
]
META = ["{}", "null", "[]", '{"a\\u0000b":[1,{"c":"\\u0000"}]}', '{"x":1e999}', "[" * 90 + "]" * 90]
META += ['{"a":' * depth + "1" + "}" * depth for depth in (40, 60, 500)]


def field(name: str, values: list[str]) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(values).map(lambda value: f'"{name}":{value}')


def quoted(values: list[str]) -> list[str]:
    return [json.dumps(value) for value in values]


ids = st.none() | st.sampled_from(["a", "b", "\u0000", " a ", "i" * 9000])
fields = st.tuples(
    field("amount", NUMBERS),
    field("timestamp", quoted(TIMES)),
    field("description", TEXTS),
    field("currency", [*quoted(["GBP", "gbp", " EUR ", "ſſſ", "", "POUND"]), "null", "5"]),
    field("transaction_type", quoted(["DEBIT", "CREDIT", "debit", "", "SIDEWAYS"])),
    field("transaction_classification", ["[]", "null", '["A",null]', '"A"']),
    ids.map(lambda value: None if value is None else f'"transaction_id":{json.dumps(value)}'),
    ids.map(lambda value: None if value is None else f'"provider_transaction_id":{json.dumps(value)}'),
    field("running_balance", [f'{{"amount":{number},"currency":"GBP"}}' for number in NUMBERS] + ["null", "{}", "3"]),
    field("meta", META),
)
GOOD = f'"amount":-3.5,"timestamp":"{TIMES[0]}","currency":"GBP"'
whole_rows = fields.map(lambda parts: "{" + ",".join(part for part in parts if part is not None) + "}")
mostly_good = fields.map(lambda parts: "{" + ",".join([GOOD, *(part for part in parts[2:] if part)][:9]) + "}")
rows_written = whole_rows | mostly_good | st.sampled_from(["null", "5", "[]", '"row"', "{}"])
answers = st.lists(rows_written, max_size=8).flatmap(
    lambda rows: st.permutations([*rows, *rows[:2]]) if rows else st.just(rows)
)


def body_of(rows: list[str]) -> bytes:
    return ('{"results":[' + ",".join(rows) + '],"status":"Succeeded"}').encode("utf-8", "surrogatepass")
