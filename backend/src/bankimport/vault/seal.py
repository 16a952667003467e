"""Seal values with a user's key, by AES-256-GCM; pure.

A sealed value is a mark of 4 bytes, a random nonce of 96 bits, the ciphertext, and a tag of 128 bits. The tag covers
the user and the kind of value too, so a value that was put in another user's row, or in another column, does not open.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bankimport.errors import BankImportError

MARK = b"\x00bi\x01"
"""How sealed values begin. No JSON and no zstandard frame begins so, and these are all that was stored unsealed."""

UNSEALED = f"substring({{column}}, 1, {len(MARK)}) <> '\\x{MARK.hex()}'::bytea"
"""In SQL: whether a column holds a value that is not sealed."""

KEY_BYTES = 32
NONCE_BYTES = 12
MORE_BYTES = len(MARK) + NONCE_BYTES + 16
"""How much longer a value is once it is sealed."""


class SealBroken(BankImportError):
    """A sealed value does not open: it was altered, belongs to another user or column, or its user's key is gone."""

    code = "seal_broken"


def is_sealed(stored: bytes) -> bool:
    """Whether a stored value is a sealed one."""
    return stored.startswith(MARK)


class Vault:
    """One user's key."""

    __slots__ = ("_cipher", "user_id")

    def __init__(self, user_id: int, key: bytes) -> None:
        """`key` has `KEY_BYTES`."""
        self.user_id = user_id
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes, kind: str) -> bytes:
        """The value, sealed; `kind` says of which column it is, and is needed again to open it."""
        nonce = os.urandom(NONCE_BYTES)
        return MARK + nonce + self._cipher.encrypt(nonce, plain, self._bound_to(kind))

    def open(self, sealed: bytes, kind: str) -> bytes:
        """The original of a sealed value.

        Raises:
            SealBroken: it was altered, or sealed for another user or as another kind.
        """
        begin = len(MARK) + NONCE_BYTES
        try:
            if not is_sealed(sealed) or len(sealed) < MORE_BYTES:
                raise InvalidTag
            return self._cipher.decrypt(sealed[len(MARK) : begin], sealed[begin:], self._bound_to(kind))
        except InvalidTag:
            raise SealBroken(
                f"a stored value ({kind.split()[0]}) does not open with its user's key: it was altered, or belongs "
                "elsewhere; restore it from a backup, or import its days again",
                user_id=self.user_id,
            ) from None

    def _bound_to(self, kind: str) -> bytes:
        return f"{self.user_id} {kind}".encode()
