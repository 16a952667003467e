"""Recognise accounts whose TrueLayer ids changed."""

from dataclasses import replace

from bankimport.accounts.identity import AccountFeatures, match_by_name, match_by_number

CURRENT = AccountFeatures(
    "account", "t1", "GBP", "Current", iban="GB01 BANK 1", account_number="1234567", sort_code="01-02-03"
)
SAVINGS = replace(CURRENT, truelayer_id="t2", display_name="Savings", iban="GB01 BANK 2", account_number="7654321")
CARD = AccountFeatures("card", "t3", "GBP", "Gold", partial_card_number="1111", card_network="VISA")


def match_accounts(listed: list[AccountFeatures], known: list[AccountFeatures]) -> list[int | None]:
    """Match accounts of one login: by id, number and name."""
    found = match_by_name(listed, known, match_by_number(listed, known))
    return [found.get(index) for index in range(len(listed))]


def test_the_same_ids_are_the_same_accounts_in_any_order() -> None:
    assert match_accounts([CARD, SAVINGS, CURRENT], [CURRENT, SAVINGS, CARD]) == [2, 1, 0]


def test_numbers_recognise_accounts_whose_ids_changed() -> None:
    listed = [replace(CURRENT, truelayer_id="x1", iban="GB01BANK1"), replace(SAVINGS, truelayer_id="x2", iban=None)]

    assert match_accounts(listed, [SAVINGS, CURRENT]) == [1, 0]


def test_card_digits_recognise_a_card() -> None:
    assert match_accounts([replace(CARD, truelayer_id="new", display_name="Gold Plus")], [CURRENT, CARD]) == [1]


def test_two_cards_with_the_same_digits_are_not_guessed_apart() -> None:
    known = [CARD, replace(CARD, truelayer_id="t4", display_name="Silver")]
    listed = [
        replace(CARD, truelayer_id="n1", display_name="Blue"),
        replace(CARD, truelayer_id="n2", display_name="Red"),
    ]

    assert match_accounts(listed, known) == [None, None]


def test_a_name_never_joins_accounts_whose_numbers_differ() -> None:
    listed = [replace(CURRENT, truelayer_id="n1", iban="GB99", account_number="99", sort_code="99")]

    assert match_accounts(listed, [CURRENT]) == [None]


def test_kinds_and_currencies_are_never_mixed() -> None:
    listed = [replace(CURRENT, truelayer_id="n1", currency="EUR"), replace(CARD, kind="account", truelayer_id="n2")]

    assert match_accounts(listed, [CURRENT, CARD]) == [None, None]


def test_a_new_account_is_new() -> None:
    assert match_accounts([SAVINGS], []) == [None]


def test_a_name_alone_never_recognises_an_account_of_another_login() -> None:
    nameless = AccountFeatures("account", "x", "GBP", "Current")

    assert match_by_number([nameless], [replace(nameless, truelayer_id="y")]) == {}


def test_an_account_is_known_by_its_id_at_any_of_its_doors() -> None:
    joint = AccountFeatures("account", "first", "GBP", "Joint", other_ids=("second",))

    assert match_by_number([AccountFeatures("account", "second", "GBP", "Ours")], [joint]) == {0: 0}


def test_the_same_number_at_another_branch_is_another_account() -> None:
    assert match_accounts([replace(CURRENT, truelayer_id="n", iban=None, sort_code="99-99-99")], [CURRENT]) == [None]
