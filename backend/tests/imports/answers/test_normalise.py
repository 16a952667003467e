"""Signs, timestamps and the other oddities of a bank's rows."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.steps.rows import a_wire_row

from bankimport.accounts.models import AccountKind
from bankimport.imports.answers import normalise as normalising
from bankimport.imports.answers.normalise import BankTime, NewTransaction, RowProblem, normalise, parse_timestamp
from bankimport.truelayer.answers import parse_rows
from bankimport.truelayer.errors import TrueLayerError
from bankimport.truelayer.schemas import RunningBalance, Transaction

BIG = '{"n":123456789012345678901234567890,"f":1e400}'
ACCOUNT, CARD = AccountKind.ACCOUNT, AccountKind.CARD


@pytest.mark.parametrize(
    ("kind", "amount", "direction", "category", "expected", "flags"),
    [
        (ACCOUNT, "-12.50", "DEBIT", "PURCHASE", "-12.50", ()),
        (ACCOUNT, "12.50", "CREDIT", "TRANSFER", "12.50", ()),
        (ACCOUNT, "12.50", "DEBIT", "PURCHASE", "-12.50", ("sign_disagrees",)),
        (ACCOUNT, "-12.50", "CREDIT", "CREDIT", "12.50", ("sign_disagrees",)),
        (ACCOUNT, "-12.50", "debit", None, "-12.50", ()),
        (ACCOUNT, "-12.50", None, None, "-12.50", ("direction_from_sign",)),
        (ACCOUNT, "12.50", None, "CREDIT", "12.50", ()),
        (ACCOUNT, "0", "DEBIT", None, "0", ()),
        (CARD, "12.50", "DEBIT", "PURCHASE", "-12.50", ()),
        (CARD, "-12.50", "CREDIT", "CREDIT", "12.50", ()),
        (CARD, "-12.50", "DEBIT", "PURCHASE", "-12.50", ("sign_disagrees",)),
        (CARD, "-12.50", None, None, "-12.50", ("direction_from_sign",)),
        (CARD, "12.50", None, "DEBIT", "-12.50", ()),
    ],
)
def test_negative_is_money_out_for_accounts_and_cards(
    kind: AccountKind, amount: str, direction: str | None, category: str | None, expected: str, flags: tuple[str, ...]
) -> None:
    row = a_wire_row(amount=Decimal(amount), transaction_type=direction, transaction_category=category)

    made = normalise(row, 0, kind)

    assert made.amount == Decimal(expected)
    assert made.flags == flags


@pytest.mark.parametrize(
    ("text", "day", "instant", "has_time"),
    [
        ("2026-03-05T00:00:00Z", date(2026, 3, 5), datetime(2026, 3, 5, tzinfo=UTC), False),
        ("2026-03-05", date(2026, 3, 5), datetime(2026, 3, 5, tzinfo=UTC), False),
        ("2026-03-05T00:00:00", date(2026, 3, 5), datetime(2026, 3, 5, tzinfo=UTC), False),
        ("2026-03-05T00:00:00+01:00", date(2026, 3, 5), datetime(2026, 3, 5, tzinfo=UTC), False),
        ("2026-03-05T13:45:09", date(2026, 3, 5), datetime(2026, 3, 5, 13, 45, 9, tzinfo=UTC), True),
        ("2026-03-05 13:45:09Z", date(2026, 3, 5), datetime(2026, 3, 5, 13, 45, 9, tzinfo=UTC), True),
        ("2026-03-05T13:45:09.1Z", date(2026, 3, 5), datetime(2026, 3, 5, 13, 45, 9, 100000, tzinfo=UTC), True),
        ("2026-03-05T13:45:09.1234567Z", date(2026, 3, 5), datetime(2026, 3, 5, 13, 45, 9, 123456, tzinfo=UTC), True),
        ("2026-03-05T00:30:00+01:00", date(2026, 3, 4), datetime(2026, 3, 4, 23, 30, tzinfo=UTC), True),
        ("2026-03-05T23:30:00-0200", date(2026, 3, 6), datetime(2026, 3, 6, 1, 30, tzinfo=UTC), True),
        ("2024-02-29T00:00:00Z", date(2024, 2, 29), datetime(2024, 2, 29, tzinfo=UTC), False),
    ],
)
def test_timestamps_in_every_spelling(text: str, day: date, instant: datetime, has_time: bool) -> None:
    when = parse_timestamp(text)

    assert (when.day, when.instant, when.has_time) == (day, instant, has_time)


@pytest.mark.parametrize(
    "text",
    [None, "", "yesterday", "0001-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-13-01", "05/03/2026", "2026-3-5"],
)
def test_an_invalid_timestamp_is_a_problem_not_a_guess(text: str | None) -> None:
    with pytest.raises(RowProblem):
        parse_timestamp(text)


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": None},
        {"amount": Decimal("NaN")},
        {"amount": Decimal("Infinity")},
        {"amount": Decimal("1e15")},
        {"amount": Decimal("0.000000001")},
        {"transaction_type": "SIDEWAYS"},
        {"currency": None},
        {"currency": "POUNDS"},
        {"timestamp": None},
    ],
)
def test_an_impossible_row_is_a_problem(fields: dict[str, object]) -> None:
    with pytest.raises(RowProblem):
        normalise(a_wire_row(**fields), 0, ACCOUNT)


def test_a_card_row_without_any_direction_is_not_guessed() -> None:
    with pytest.raises(RowProblem, match="direction"):
        normalise(a_wire_row(amount=Decimal(5), transaction_type=None, transaction_category=None), 0, CARD)


def test_classification_merchant_and_balance_are_kept_and_card_balances_change_sign() -> None:
    row = a_wire_row(
        amount=Decimal("20"),
        transaction_classification=["Shopping", "Groceries"],
        merchant_name=None,
        meta={"provider_merchant_name": "Corner Shop", "nested": {"text": "a\x00b"}},
        running_balance=RunningBalance(amount=Decimal("120.00"), currency="GBP"),
    )

    made = normalise(row, 7, CARD)

    assert made.classification == ("Shopping", "Groceries")
    assert made.merchant == "Corner Shop"
    assert made.meta["nested"] == {"text": "ab"}
    assert made.running_balance == Decimal("-120.00")
    assert made.position == 7


def test_a_running_balance_in_another_currency_is_not_used() -> None:
    row = a_wire_row(running_balance=RunningBalance(amount=Decimal(1), currency="EUR"))

    made = normalise(row, 0, ACCOUNT)

    assert made.running_balance is None
    assert made.flags == ("running_balance_unusable",)


def test_amounts_come_from_bytes_as_decimals_and_never_as_floats() -> None:
    body = (
        b'{"results":[{"timestamp":"2026-03-05T00:00:00Z","amount":-0.1,"currency":"GBP","transaction_type":"DEBIT"},'
        b'{"timestamp":"2026-03-05T00:00:00Z","amount":-123456789012.345678,"currency":"GBP",'
        b'"transaction_type":"DEBIT"},{"amount":"twelve"}],"status":"Succeeded"}'
    )

    first, second, third = parse_rows(body)

    assert first.transaction is not None
    assert first.transaction.amount == Decimal("-0.1")
    assert second.transaction is not None
    assert second.transaction.amount == Decimal("-123456789012.345678")
    assert third.transaction is None
    assert third.problem
    assert third.raw == b'{"amount":"twelve"}'


@given(
    pence=st.integers(min_value=0, max_value=10**12),
    sign=st.sampled_from((1, -1)),
    direction=st.sampled_from(("DEBIT", "CREDIT")),
    kind=st.sampled_from((ACCOUNT, CARD)),
)
def test_the_type_alone_gives_the_direction(pence: int, sign: int, direction: str, kind: AccountKind) -> None:
    amount = Decimal(pence * sign).scaleb(-2)

    made = normalise(a_wire_row(amount=amount, transaction_type=direction), 0, kind)

    assert abs(made.amount) == abs(amount)
    assert made.amount <= 0 if direction == "DEBIT" else made.amount >= 0


@given(st.binary(max_size=400))
def test_any_bytes_parse_or_raise_the_documented_errors(noise: bytes) -> None:
    for body in (noise, b'{"results":[' + noise + b'],"status":"Succeeded"}'):
        try:
            parse_rows(body)
        except TrueLayerError:
            continue


@given(
    st.dictionaries(
        st.sampled_from(("timestamp", "description", "amount", "currency", "transaction_type", "meta", "x")),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner),
            max_leaves=3,
        ),
    )
)
def test_a_row_of_any_json_is_either_normalised_or_a_problem(fields: dict[str, object]) -> None:
    try:
        encoded = msgspec.json.encode(fields)
    except UnicodeEncodeError:
        return
    (row,) = parse_rows(b'{"results":[' + encoded + b'],"status":"Succeeded"}')
    if row.transaction is None:
        assert row.problem
        return
    try:
        made = normalise(row.transaction, 0, ACCOUNT)
    except RowProblem:
        return
    assert made.amount.is_finite()
    assert len(made.currency) == 3


@pytest.mark.parametrize(
    ("written", "currency", "meant", "is_noise"),
    [
        ("-160.19999999999999", "GBP", "-160.20", True),
        ("17.990000000000002", "GBP", "17.99", True),
        ("1234.5600000000002", "EUR", "1234.56", True),
        ("123456789.19999999", "GBP", "123456789.20", True),
        ("2999.9999999999995", "JPY", "3000", True),
        ("0.30000000000000004", "KWD", "0.3", True),
        ("-3.50000000000", "GBP", "-3.5", False),
        ("160.19999999", "GBP", "160.19999999", False),
        ("10.005", "GBP", "10.005", False),
    ],
)
def test_float_noise_is_corrected_to_the_intended_amount_and_flagged(
    written: str, currency: str, meant: str, is_noise: bool
) -> None:
    direction = "DEBIT" if written.startswith("-") else "CREDIT"
    row = a_wire_row(amount=Decimal(written), currency=currency, transaction_type=direction)

    made = normalise(row, 0, ACCOUNT)

    assert made.amount == Decimal(meant)
    assert made.flags == (("float_noise",) if is_noise else ())


@pytest.mark.parametrize("written", ["5.551115123125783e-17", "10.123456789", "1.0000011111111111"])
def test_a_value_too_far_from_any_amount_is_not_float_noise(written: str) -> None:
    with pytest.raises(RowProblem):
        normalise(a_wire_row(amount=Decimal(written)), 0, ACCOUNT)


def test_noise_in_a_running_balance_is_corrected_too() -> None:
    row = a_wire_row(running_balance=RunningBalance(amount=Decimal("99.999999999999986"), currency="GBP"))

    made = normalise(row, 0, ACCOUNT)

    assert (made.running_balance, made.flags) == (Decimal("100.00"), ("float_noise",))


@pytest.mark.parametrize(
    ("member", "kept"),
    [
        ('"meta":' + BIG, {"unreadable": {"meta": BIG}}),
        ('"meta":[1,2]', {"unreadable": {"meta": "[1,2]"}}),
        ('"meta":null,"transaction_classification":null', {}),
        ('"meta":{"a":1},"merchant_name":7', {"a": 1, "unreadable": {"merchant_name": "7"}}),
        ('"transaction_classification":"Shopping"', {"unreadable": {"transaction_classification": '"Shopping"'}}),
        ('"running_balance":"12.3.4"', {"unreadable": {"running_balance": '"12.3.4"'}}),
        ('"provider_transaction_id":12345', {}),
    ],
)
def test_an_odd_unneeded_member_does_not_cost_a_row(member: str, kept: dict[str, object]) -> None:
    good = '"timestamp":"2026-03-05T00:00:00Z","amount":-1,"currency":"GBP","transaction_type":"DEBIT"'
    body = '{"results":[{' + good + "," + member + '},{"amount":-2}],"status":"Succeeded"}'

    (odd, _) = parse_rows(body.encode())

    assert odd.transaction is not None
    made = normalise(odd.transaction, 0, ACCOUNT)
    assert made.amount == -1
    assert made.meta == kept
    assert made.provider_transaction_id == ("12345" if "12345}" in member + "}" else None)


def test_meta_that_is_nested_too_deeply_is_kept_as_text() -> None:
    meta: dict[str, object] = {"a": 1}
    for _ in range(59):
        meta = {"a": meta}

    made = normalise(a_wire_row(meta=meta), 0, ACCOUNT)

    assert made.meta == {"unreadable": {"meta": '{"a": ' * 60 + "1" + "}" * 60}}


@pytest.mark.parametrize(
    ("text", "zone", "day"),
    [
        ("2026-06-14T23:20:00Z", "Europe/London", date(2026, 6, 15)),
        ("2026-06-15T00:20:00+01:00", "Europe/London", date(2026, 6, 15)),
        ("2026-06-14T22:59:59.999Z", "Europe/London", date(2026, 6, 14)),
        ("2026-12-14T23:20:00Z", "Europe/London", date(2026, 12, 14)),
        ("2026-12-14T23:20:00Z", "Europe/Madrid", date(2026, 12, 15)),
        ("2026-10-24T23:30:00Z", "Europe/London", date(2026, 10, 25)),
        ("2026-10-25T23:30:00Z", "Europe/London", date(2026, 10, 25)),
        ("2026-03-28T23:30:00Z", "Europe/London", date(2026, 3, 28)),
        ("2026-06-14T00:00:00Z", "Europe/London", date(2026, 6, 14)),
        ("2026-06-14T00:00:00Z", "America/New_York", date(2026, 6, 14)),
        ("2026-06-14", "Europe/Madrid", date(2026, 6, 14)),
    ],
)
def test_the_day_is_the_one_on_the_banks_calendar_and_a_day_without_a_time_stays(
    text: str, zone: str, day: date
) -> None:
    assert parse_timestamp(text, ZoneInfo(zone)).day == day


ZONES = st.sampled_from(
    [
        UTC,
        *map(
            ZoneInfo, ("Europe/London", "America/New_York", "Pacific/Kiritimati", "Asia/Kathmandu", "Africa/Monrovia")
        ),
    ]
)


MOMENTS = st.builds(datetime.combine, st.dates(date(1969, 12, 30), date(2101, 1, 2)), st.times())


@given(when=MOMENTS, zone=ZONES, whole=st.booleans())
def test_the_usual_spelling_of_a_timestamp_means_the_same_as_any_other(
    when: datetime, zone: ZoneInfo, whole: bool
) -> None:
    text = f"{when.replace(hour=0, minute=0, second=0) if whole else when:%Y-%m-%dT%H:%M:%SZ}"

    assert _time_or_problem(text, zone) == _time_or_problem(text.replace("Z", "+00:00"), zone)


@given(text=st.text("0123456789-T:Z +Wz٣", min_size=20, max_size=20), zone=ZONES)
def test_a_near_miss_of_the_usual_spelling_is_parsed_like_any_other(text: str, zone: ZoneInfo) -> None:
    plain = normalising.plain_instant(text)

    if plain is not None:
        assert _time_or_problem(text, zone) == _time_or_problem(text.replace("Z", "+00:00"), zone)


@given(
    amount=st.decimals(allow_nan=True, places=None)
    | st.from_regex(r"-?\d{1,9}\.\d{1,10}", fullmatch=True).map(Decimal),
    kind=st.sampled_from(AccountKind),
    currency=st.sampled_from(["GBP", "JPY", "KWD"]),
)
def test_short_amounts_equal_the_result_of_the_careful_path(amount: Decimal, kind: AccountKind, currency: str) -> None:
    row = a_wire_row(amount=amount, currency=currency, running_balance=RunningBalance(amount=amount, currency=currency))
    made = _row_or_problem(row, kind)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(normalising, "is_short", lambda _: False)
        carefully = _row_or_problem(row, kind)

    assert repr(made) == repr(carefully)


@given(
    meta=st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text("a\x00\\u0{[é", max_size=6),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("a\x00\\b", max_size=3), inner, max_size=3),
        max_leaves=12,
    ).filter(lambda value: isinstance(value, dict) and bool(value))
)
def test_clean_meta_equals_its_cleaned_form(meta: dict[str, object]) -> None:
    cleaned = normalising._clean_tree(meta)

    assert normalise(a_wire_row(meta=meta), 0, ACCOUNT).meta == cleaned


def test_a_rows_hash_stays_the_same_from_version_to_version() -> None:
    row = a_wire_row(
        timestamp="2026-03-05T13:45:09Z",
        amount=Decimal("-250000.10"),
        transaction_classification=["Food & Dining", "Coffee shops"],
        merchant_name="Pret",
        running_balance=RunningBalance(amount=Decimal("250000.0"), currency="GBP"),
        meta={"z": 1, "a": {"text": "it's"}},
    )

    assert normalise(row, 0, ACCOUNT).content_hash.hex() == "38cf5ff3e0cc98fd2e45e5cec74059cc"


def _time_or_problem(text: str, zone: ZoneInfo) -> BankTime | str:
    try:
        return parse_timestamp(text, zone)
    except RowProblem as problem:
        return str(problem)


def _row_or_problem(row: Transaction, kind: AccountKind) -> NewTransaction | str:
    try:
        return normalise(row, 0, kind)
    except RowProblem as problem:
        return str(problem)
