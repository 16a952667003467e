"""A sealed value opens with its user's key as what it was sealed as, and never otherwise."""

import json
import zlib

import pytest
import zstandard
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from bankimport.errors import SettingsInvalid
from bankimport.settings import get_settings, variable_of
from bankimport.vault.keys import plain_of, unwrapped, vault_from, wrapped
from bankimport.vault.seal import MORE_BYTES, SealBroken, Vault, is_sealed

KEY = bytes(range(32))
VAULT = Vault(1, KEY)
KIND = "accounts.numbers"


@given(st.binary(max_size=300))
def test_what_is_sealed_opens_and_is_never_the_same_twice(plain: bytes) -> None:
    one, other = VAULT.seal(plain, KIND), VAULT.seal(plain, KIND)

    assert VAULT.open(one, KIND) == VAULT.open(other, KIND) == plain
    assert one != other
    assert len(one) == len(plain) + MORE_BYTES
    assert is_sealed(one)
    assert len(plain) < 4 or plain not in one


@pytest.mark.parametrize(
    ("vault", "kind"),
    [
        (Vault(2, KEY), KIND),
        (Vault(1, KEY[::-1]), KIND),
        (VAULT, "rejected_rows.raw"),
    ],
    ids=["another user with the same key", "another key", "another column"],
)
def test_it_does_not_open_elsewhere(vault: Vault, kind: str) -> None:
    with pytest.raises(SealBroken, match="was altered, or belongs elsewhere"):
        vault.open(VAULT.seal(b"GB29NWBK60161331926819", KIND), kind)


def test_any_altered_byte_is_noticed() -> None:
    sealed = VAULT.seal(b"12345678", KIND)
    for at in range(len(sealed)):
        torn = bytearray(sealed)
        torn[at] ^= 1
        with pytest.raises(SealBroken):
            VAULT.open(bytes(torn), KIND)
    for end in range(len(sealed)):
        with pytest.raises(SealBroken):
            VAULT.open(sealed[:end], KIND)


def test_nothing_that_was_stored_unsealed_is_taken_for_sealed() -> None:
    plain = [zstandard.compress(b"{}"), json.dumps({"a": 1}).encode(), b"", b"null", b'"x"', zlib.compress(b"")]

    assert [plain_of(1, None, stored, KIND) for stored in plain] == plain


def test_a_key_is_its_users_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    monkeypatch.setenv(variable_of("secret_keys"), keys[0])
    get_settings.cache_clear()
    stored = wrapped(1, KEY)
    assert KEY not in stored
    assert unwrapped(1, stored) == KEY
    assert vault_from(1, stored).open(VAULT.seal(b"x", KIND), KIND) == b"x"
    with pytest.raises(SealBroken, match="another user's"):
        vault_from(2, stored)
    with pytest.raises(SealBroken, match="was erased"):
        plain_of(1, None, VAULT.seal(b"x", KIND), KIND)
    monkeypatch.setenv(variable_of("secret_keys"), keys[1])
    get_settings.cache_clear()
    with pytest.raises(SettingsInvalid):
        unwrapped(1, stored)
