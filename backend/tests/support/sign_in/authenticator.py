"""An authenticator in software: it makes passkeys and signs with them as the W3C specification says, byte by byte.

Source: W3C Web Authentication Level 3, sections 5.8.1 (client data), 6.1 (authenticator data), 6.5.4 (attestation
object), 6.5.6 (signatures); RFC 9053 section 7.1 (COSE keys of elliptic curves).
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, MAY_SYNC, IS_SYNCED, HAS_KEY = 0x01, 0x04, 0x08, 0x10, 0x40
"""Flags of the authenticator data."""


def encoded(data: bytes) -> str:
    """Base64url without padding, as browsers write bytes in JSON."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(slots=True)
class Authenticator:
    """Has one passkey, in a browser that shows the page at `origin`."""

    origin: str = "http://localhost:8000"
    checks_user: bool = True
    """Whether it wants a finger, a face or a PIN."""
    counts: bool = True
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(24))
    user_handle: bytes = b""
    count: int = 0
    _key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """Answer creation options, as RegistrationResponseJSON. `changed`: what the browser says of itself instead."""
        assert {"type": "public-key", "alg": -7} in options["pubKeyCredParams"]
        self.user_handle = decoded(options["user"]["id"])
        key = self._key.public_key().public_numbers()
        numbers = {-2: key.x.to_bytes(32, "big"), -3: key.y.to_bytes(32, "big")}
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, **numbers})
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cose
        data = self._data(changed.pop("rp_id", options["rp"]["id"]), HAS_KEY) + attested
        client = self._client("webauthn.create", options["challenge"], changed)
        response = {
            "clientDataJSON": encoded(client),
            "attestationObject": encoded(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
            "transports": ["internal"],
        }
        return self._credential(response)

    def sign(self, options: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """Answer request options, as AuthenticationResponseJSON. `changed`: what the browser says of itself instead."""
        self.count += 1 if self.counts else 0
        data = self._data(changed.pop("rp_id", options["rpId"]), 0)
        client = self._client("webauthn.get", options["challenge"], changed)
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": encoded(client),
            "authenticatorData": encoded(data),
            "signature": encoded(signature),
            "userHandle": encoded(self.user_handle),
        }
        return self._credential(response)

    def _data(self, rp_id: str, more: int) -> bytes:
        flags = PRESENT | MAY_SYNC | IS_SYNCED | more | (VERIFIED if self.checks_user else 0)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str, changed: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said | changed).encode()

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        name = encoded(self.credential_id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        }
