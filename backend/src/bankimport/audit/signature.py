"""Sign evidence packs with a key of this installation, and check a signature with only the pack.

The signing key is derived from the encryption key. So all processes of an installation sign with the same key, and
restoring a backup of the encryption key restores the signing key. A signature proves that the holder of the key made
the pack. The reader has to know whose key it is, by its public half, which is printed when a pack is made and when one
is checked.
"""

import base64
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bankimport.secrets import load_keys
from bankimport.settings import get_settings

ALGORITHM = "Ed25519"
_PURPOSE = b"bankimport: signs evidence packs"


class SignatureWrong(Exception):
    """The value is not a signature of the content; the message says why."""


def sign(content: bytes) -> dict[str, str]:
    """Sign the content with this installation's newest key; the result includes the public key that verifies it."""
    key = _derived(load_keys(get_settings())[0])
    return {
        "algorithm": ALGORITHM,
        "public_key": _public_half(key),
        "signature": key.sign(content).hex(),
    }


def own_keys() -> list[str]:
    """The public halves of this installation's present and earlier signing keys, newest first."""
    return [_public_half(_derived(key)) for key in load_keys(get_settings())]


def signer_of(content: bytes, signature: Mapping[str, Any]) -> str:
    """The public half of the key that signed the content.

    Raises:
        SignatureWrong: it is not a signature of this content.
    """
    try:
        if signature["algorithm"] != ALGORITHM:
            raise SignatureWrong(f"the signature does not use {ALGORITHM}")
        public_key = bytes.fromhex(signature["public_key"])
        Ed25519PublicKey.from_public_bytes(public_key).verify(bytes.fromhex(signature["signature"]), content)
    except (KeyError, TypeError, ValueError):
        raise SignatureWrong("the signature cannot be read") from None
    except InvalidSignature:
        raise SignatureWrong("the signature does not match this manifest") from None
    return public_key.hex()


def _derived(encryption_key: str) -> Ed25519PrivateKey:
    seed = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_PURPOSE)
    return Ed25519PrivateKey.from_private_bytes(seed.derive(base64.urlsafe_b64decode(encryption_key)))


def _public_half(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()
