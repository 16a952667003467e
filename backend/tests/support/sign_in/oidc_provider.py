"""An OpenID Connect provider on loopback, over real HTTP, that checks what it is sent and misbehaves as configured.

Source: OpenID Connect Core 1.0, section 3.1; OpenID Connect Discovery 1.0; RFC 7636 (PKCE).
"""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

from bankimport.clock import utc_now

CLIENT_ID, SECRET = "bankimport", "hush hush"


@dataclass
class Provider:
    """One client is registered. `claims` change what id tokens say, `discovery` what the provider says of itself."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "ES256"
    padding: int = 0
    """Bytes that make an answer of the token endpoint longer."""
    key: Any = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": secrets.token_hex(4), "use": "sig"}))
    published: Any = None
    """The key that the provider shows; None: the one it signs with."""
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def consent(self, url: str) -> str:
        """What a user's browser does there: the address that it is sent back to, with a code."""
        parts = urlsplit(url)
        given = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert url.startswith(f"{self.issuer}/authorize?")
        assert given["response_type"] == "code"
        assert given["client_id"] == CLIENT_ID
        assert given["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self._codes[code] = given
        return f"{given['redirect_uri']}?code={code}&state={given['state']}"

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            said = {name: f"{self.issuer}/{place}" for name, place in places.items()}
            return 200, {"issuer": self.issuer, **said, **self.discovery}
        if path == "/keys":
            return 200, dict(KeySet([self.published or self.key]).as_dict(private=False))
        begun = self._codes.pop(form.get("code", ""), None)
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if (
            begun is None
            or authorization != f"Basic {base64.b64encode(f'{CLIENT_ID}:{SECRET}'.encode()).decode()}"
            or form["redirect_uri"] != begun["redirect_uri"]
            or base64.urlsafe_b64encode(challenge).rstrip(b"=").decode() != begun["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {"token_type": "Bearer", "access_token": "x", "id_token": self._id_token(begun["nonce"])}

    def _id_token(self, nonce: str) -> str:
        now = int(utc_now().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "sub": "42", "iat": now, "exp": now + 300, "nonce": nonce}
        said = {name: value for name, value in (claims | self.claims).items() if value is not None}
        if self.algorithm == "none":
            header = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=").decode()
            return f"{header}.{base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b'=').decode()}."
        key = OctKey.import_key(SECRET * 8) if self.algorithm.startswith("HS") else self.key
        return jwt.encode({"alg": self.algorithm, "kid": self.key.kid}, said, key, algorithms=[self.algorithm])


def registered(provider: Provider, label: str = "Work") -> str:
    """The setting with which an installation knows this provider, as `work`."""
    given = {"issuer": provider.issuer, "client_id": CLIENT_ID, "client_secret": SECRET}
    return json.dumps([{"name": "work", "label": label, **given}])


@contextmanager
def oidc_provider() -> Iterator[Provider]:
    """A provider that listens."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/authorize?"):  # a browser, whose user consents at once
                self.send_response(303)
                self.send_header("location", provider.consent(f"{provider.issuer}{self.path}"))
                self.end_headers()
                return
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            status, said = provider.answer(self.path, form, self.headers.get("authorization", ""))
            padding = provider.padding if self.path == "/token" else 0
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.end_headers()
            try:
                self.wfile.write(json.dumps(said).encode())
                for _ in range(0, padding, 65536):
                    self.wfile.write(b" " * 65536)
            except OSError:
                pass

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
