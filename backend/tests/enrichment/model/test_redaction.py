"""No prompt contains anything that identifies a person or an account: spellings of names, kinds of numbers."""

import json
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bankimport.enrichment.ladder.ladder import decide
from bankimport.enrichment.model.prompt import prompt_text
from bankimport.enrichment.model.redact import redacted
from bankimport.enrichment.rows import RowToEnrich
from bankimport.enrichment.rules.rules import RuleBook
from bankimport.enrichment.run.run import questions_of
from bankimport.enrichment.statements.plain_text import MOST_TEXT

FORMATS = (
    "CARD PAYMENT TO QXZ {} ON 12-03-2026",
    "DIRECT DEBIT PAYMENT TO QXZ REF {}, MANDATE NO 0014",
    "KARTENZAHLUNG QXZ {}//BERLIN/DE",
    "SEPA-LASTSCHRIFT QXZ MANDATSREF. {}",
    "PAYPAL EUROPE S.A.R.L. {}, IHR EINKAUF BEI QXZ",
    "PAIEMENT PAR CARTE QXZ {} 12/03",
    "PRLV SEPA QXZ ECH/120326 ID EMETTEUR/{} MDT/1",
    "COMPRA TARJ. 5402XXXXXXXX1234 QXZ {}",
    "PAGO MOVIL EN QXZ, {} ES",
    "ADEUDO RECIBO QXZ {}",
    "PAGAMENTO POS QXZ {} ITA",
    "ADDEBITO SDD QXZ MANDATO {}",
    "BEA NR:X1 12.03.26 QXZ {},PAS011",
    "/TRTP/IDEAL/NAME/QXZ BV/REMI/{}/EREF/1",
    "SEPA INCASSO ALGEMEEN DOORLOPEND NAAM: QXZ MACHTIGING: {} OMSCHRIJVING: X",
    "ZAKUP PRZY UZYCIU KARTY QXZ {}",
    "KORTKÖP 260312 QXZ {}",
    "DANKORT-NOTA QXZ {}",
    "VAREKJØP QXZ {} KURS: 1.0000",
    "SUMUP *QXZ {}",
    "QXZ {}",
)
WORDS = {word for text in FORMATS for word in re.findall(r"[^\W\d_]{4,}", text.casefold())} | {"removed"}


def _sent(description: str, names: list[str]) -> str:
    """What a model would be sent about a row, without the categories."""
    row = RowToEnrich(1, description, Decimal("-5"), None)
    decision = decide(row, row.key, RuleBook([]), None, frozenset())
    (question,) = questions_of([row], {1: decision}, names)
    sent: str = json.dumps(json.loads(prompt_text([question], []))["transactions"], ensure_ascii=False)
    return sent.casefold()


_letters = st.text(alphabet="abdefghiklmnoprstuvwzäöüåøæßéłńš", min_size=4, max_size=9).filter(
    lambda name: name.casefold() not in WORDS
)


def _spellings(name: str) -> list[str]:
    tables: tuple[dict[str, str | int | None], ...] = (
        {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "ß": "ss", "é": "e", "ł": "l", "ń": "n"},
        {"ä": "a", "ö": "o", "ü": "u", "å": "a", "ø": "o", "æ": "ae", "ß": "ss", "é": "e", "ł": "l", "ń": "n"},
    )
    plain = [name.translate(str.maketrans(table | {"š": "s"})) for table in tables]
    return [name.upper().replace("SS", "ß" if "ß" in name else "SS"), *(text.upper() for text in plain)]


@given(st.lists(_letters, min_size=2, max_size=2, unique=True), st.sampled_from(FORMATS), st.data())
def test_no_part_of_a_name_is_sent_in_any_format_and_spelling(names: list[str], text: str, data: st.DataObject) -> None:
    first, last = names
    how = data.draw(st.sampled_from(["both", "joined", "turned", "last", "cut"]))
    spelt = [data.draw(st.sampled_from(_spellings(name))) for name in names]
    written = {
        "both": " ".join(spelt),
        "joined": "".join(spelt),
        "turned": " ".join(spelt[::-1]),
        "last": spelt[1],
        "cut": spelt[1],
    }[how]
    description = text.format(written) if how != "cut" else f"QXZ {spelt[0]} {spelt[1][:4]}"
    sent = _sent(description, [f"{first} {last}"])
    for word in spelt:
        assert word.casefold() not in sent


@given(st.text(alphabet="0123456789", min_size=4, max_size=20), st.sampled_from(FORMATS), st.data())
def test_no_four_digits_of_a_number_are_sent_in_any_format(number: str, text: str, data: st.DataObject) -> None:
    how = data.draw(st.sampled_from(["{}", "X{}", "CB*{}", "{}XXXXXX", "A-{}B", "IT{}Q"]))
    sent = _sent(text.format(how.format(number)), [])
    assert re.search(r"\d{4}", sent.replace('"id": 1', "")) is None


@pytest.mark.parametrize(
    ("text", "names", "gone"),
    [
        ("TO JUERGEN WEISS RENT", ["Jürgen Weiß"], "juergen weiss"),
        ("LUKASZ NOWAK", ["Łukasz Nowak"], "lukasz nowak"),
        ("SOREN KJAER", ["Søren Kjær"], "soren kjaer"),
        ("AASA OEBERG", ["Åsa Öberg"], "aasa oeberg"),
        ("ONEILL JEANPIERRE", ["Jean-Pierre O'Neill"], "oneill jeanpierre"),
        ("O NEILL", ["Jean-Pierre O'Neill"], "neill"),
        ("SHOP ADALOVELACE", ["Ada Lovelace"], "ada lovelace lovel"),
        ("SHOP LOVEL", ["Ada Lovelace"], "lovel"),
        ("CARTE X1234 SHOP", [], "1234"),
        ("CB*1234 SHOP", [], "1234"),
        ("4974XXXXXXXX1234 SHOP", [], "4974 1234"),
        ("RSSMRA85T10A562S SHOP", [], "rssmra a562"),
        ("OCTOPUS ENERGY A-1B2C3D4E", [], "1b2c 3d4e"),
        ("AB12 CDE PARKING", [], "ab12 cde"),
        ("M-AB 1234 PARKEN", [], "m-ab"),
        ("RYANAIR X7K2PQ", [], "x7k2pq"),
        ("SHOP SW1A 1AA", [], "sw1a 1aa"),
        ("GB29 NWBK 6016 1331 9268 19 SHOP", [], "nwbk 6016 1331"),
        ("DE89370400440532013000 SHOP", [], "3704"),
        ("ADA@EXAMPLE.ORG SHOP", [], "example"),
    ],
)
def test_names_and_codes_are_removed(text: str, names: list[str], gone: str) -> None:
    left = redacted(text, names).casefold()
    assert [part for part in gone.split() if part in left] == []
    assert "shop" not in text.casefold() or "shop" in left


@pytest.mark.parametrize(
    "text",
    ["EV12 TESCO STORES LONDON GB", "BET365", "JET2HOLIDAYS", "COSTA @ MOTO RUGBY", "BOLIVIA SHOP", "TESCO CO"],
)
def test_names_of_shops_stay_whole(text: str) -> None:
    assert redacted(text, ["Bo Li", "Ada Lovelace"]) == text


@pytest.mark.parametrize("part", ["a@", "a.", "@", "1 ", "x-", "ADA "])
def test_a_very_long_text_is_cut_before_any_pattern_reads_it(part: str) -> None:
    assert redacted(part * 8_000, ["Ada Lovelace"]) == redacted((part * 8_000)[:MOST_TEXT], ["Ada Lovelace"])


@pytest.mark.parametrize(
    "text",
    [
        "BIZUM A FAVOR DE QXZ WQV",
        "SWISH QXZ WQV",
        "VIPPS QXZ WQV",
        "MOBILEPAY QXZ WQV",
        "TIKKIE QXZ WQV",
        "PRZELEW NA TELEFON BLIK QXZ WQV",
        "FASTER PAYMENT MR QXZ WQV",
        "VIREMENT INSTANTANE A MME QXZ",
        "TRANSFERENCIA A FAVOR DE JUAN QXZ",
    ],
)
def test_a_payment_to_a_person_is_a_transfer_and_asks_no_model(text: str) -> None:
    row = RowToEnrich(1, text, Decimal("-5"), None)
    decision = decide(row, row.key, RuleBook([]), None, frozenset({"Transfers"}))
    assert decision.category is not None
    assert (decision.category.value, decision.category.reason is None) == ("Transfers", False)
    unasked = decide(row, row.key, RuleBook([]), None, frozenset())
    assert not unasked.needs_model
