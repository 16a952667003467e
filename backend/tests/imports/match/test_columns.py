"""A row's line for COPY is what its values by column would be written as."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.support.steps.record import HOSTILE
from tests.support.steps.rows import a_row

from bankimport.clock import utc_now
from bankimport.imports.match.columns import bank_values, lines_for_copy
from bankimport.transactions.copying import copy_text
from bankimport.transactions.models import TransactionStatus

texts = st.text("ab\"'\\{},\n\t\ré N", max_size=5) | st.sampled_from(HOSTILE).map(lambda text: text.replace("\0", ""))
absent_or_text = st.none() | texts.map(lambda text: text.strip() or None)
rows = st.builds(
    msgspec.structs.replace,
    st.sampled_from([a_row(), a_row(amount="1E+3"), a_row(amount="-0.00000001", position=7)]),
    description=texts,
    merchant=absent_or_text,
    transaction_type=absent_or_text,
    transaction_category=absent_or_text,
    classification=st.lists(texts, max_size=3).map(tuple),
    transaction_id=absent_or_text,
    provider_transaction_id=absent_or_text,
    normalised_provider_transaction_id=absent_or_text,
    running_balance=st.none() | st.decimals(-999, 999, places=2),
    written_meta=st.dictionaries(texts, texts | st.integers(-9, 9), max_size=3).map(
        lambda meta: msgspec.json.encode(meta, order="sorted")
    ),
    flags=st.sampled_from([(), ("sign_disagrees",), ("repeated_block", "doubtful")]),
)


@given(st.lists(rows, max_size=4), st.sampled_from(TransactionStatus))
def test_a_line_says_the_same_as_its_values(made: list, status: TransactionStatus) -> None:  # type: ignore[type-arg]
    now = utc_now()
    keys = [f"key{number}" for number in range(len(made))]
    source = {"user_id": 1, "account_id": 2, "job_id": 3, "raw_response_id": 4}

    lines = lines_for_copy(made, keys, status, **source, created_at=now)

    values = [(1, 2, key, *bank_values(row, 3, 4, status), now) for row, key in zip(made, keys, strict=True)]
    assert list(lines) == keys
    assert "".join(f"{line}\n" for line in lines.values()).encode() == copy_text(values)
