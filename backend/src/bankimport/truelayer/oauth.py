"""Consent and tokens: the link to the bank's consent pages, code exchange, refresh and extension.

Sources: docs.truelayer.com, "Generate an auth link", "Generate an access token", "Extensions: requests and
responses"; RFC 7636 for the code challenge.
"""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from urllib.parse import quote, urlencode

import msgspec

from bankimport.truelayer.errors import (
    BankTimeout,
    RefreshOutcomeUnknown,
    ResponseTooLarge,
    UnexpectedResponse,
    error_from_response,
)
from bankimport.truelayer.transport import AnswerCutOff, ConnectionDropped, NotConnected, Received, Transport

SCOPES = ("info", "accounts", "balance", "cards", "transactions", "offline_access")
DEFAULT_EXPIRES_IN_S = 3600
LONGEST_EXPIRES_IN_S = 86_400


class Tokens(msgspec.Struct, frozen=True, repr_omit_defaults=True):
    """A new access token, its expiry, and the refresh token if one was given."""

    access_token: str
    expires_at: datetime
    refresh_token: str | None = None

    def __repr__(self) -> str:
        """Without the tokens, so that no log can contain them."""
        return f"Tokens(expires_at={self.expires_at.isoformat()})"


class ExtensionOutcome(StrEnum):
    """What TrueLayer requires after a request to extend a consent."""

    EXTENDED = "no_action_needed"
    AUTHENTICATION_NEEDED = "authentication_needed"
    RECONFIRMATION_NEEDED = "reconfirmation_of_consent_needed"


class Extension(msgspec.Struct, frozen=True):
    """The answer to a request to extend: new tokens, or a link that the user must follow."""

    outcome: ExtensionOutcome
    tokens: Tokens | None
    user_link: str | None


class _TokenBody(msgspec.Struct):
    """An answer with tokens. A lifetime of an odd type does not cost them, because a code is exchanged only once."""

    access_token: str | None = None
    expires_in: object = None
    refresh_token: str | None = None


class _ExtendBody(_TokenBody):
    action_needed: str | None = None
    action_type: str | None = None
    user_input_link: str | None = None


class TrueLayerAuth:
    """TrueLayer's authorisation host, for one client id."""

    def __init__(self, auth_url: str, api_url: str, client_id: str, client_secret: str, transport: Transport) -> None:
        self._auth_url = auth_url.rstrip("/")
        self._api_url = api_url.rstrip("/")
        self._client_id = client_id
        self._client_secret = client_secret
        self._transport = transport

    def authorisation_url(
        self,
        *,
        redirect_uri: str,
        state: str,
        code_challenge: str | None,
        provider_ids: Sequence[str] = (),
        scopes: Sequence[str] = SCOPES,
    ) -> str:
        """The link to the consent pages, valid for one use. Spaces are encoded as %20, because TrueLayer requires it.

        A single provider is preselected; it must also be in the list of providers.
        """
        parameters = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(scopes),
            "state": state,
            "nonce": secrets.token_urlsafe(16),
        }
        if provider_ids:
            parameters["providers"] = " ".join(provider_ids)
        if len(provider_ids) == 1:
            parameters["provider_id"] = provider_ids[0]
        if code_challenge is not None:
            parameters |= {"code_challenge": code_challenge, "code_challenge_method": "S256"}
        return f"{self._auth_url}/?{urlencode(parameters, quote_via=quote)}"

    def exchange_code(self, code: str, *, redirect_uri: str, code_verifier: str | None) -> Tokens:
        """Exchange a consent's code, which is single-use and valid for five minutes, for tokens.

        Raises:
            ConsentExpired: the code was used, is too old, or never existed.
            InvalidClient: the client id, secret or redirect URI is wrong.
        """
        form = {"grant_type": "authorization_code", "redirect_uri": redirect_uri, "code": code}
        if code_verifier is not None:
            form["code_verifier"] = code_verifier
        return _tokens(self._post_token(form))

    def refresh(self, refresh_token: str) -> Tokens:
        """Get new tokens. Sent exactly once: the old refresh token may become invalid as soon as the new one is made.

        Raises:
            ConsentExpired: the consent or the refresh token has ended.
            RefreshOutcomeUnknown: the answer was lost, so the old token may or may not still be valid.
        """
        try:
            received = self._post_token({"grant_type": "refresh_token", "refresh_token": refresh_token})
        except NotConnected:
            raise
        except (AnswerCutOff, BankTimeout, ConnectionDropped, ResponseTooLarge, UnexpectedResponse) as error:
            raise RefreshOutcomeUnknown(f"the answer to a token refresh was lost: {error.message}") from None
        try:
            return _tokens(received)
        except UnexpectedResponse as error:
            raise RefreshOutcomeUnknown(f"the answer to a token refresh was unreadable: {error.message}") from None

    def extend(
        self,
        refresh_token: str,
        *,
        redirect_uri: str,
        user_id: str,
        user_name: str,
        user_email: str,
        state: str,
        code_challenge: str,
    ) -> Extension:
        """Extend a consent that the user has just reconfirmed (UK). TrueLayer must have approved the consent screen.

        `state` and `code_challenge` return with the code if the bank requires the user. The specification puts this
        call beside the data API, not below it; older documents give the other path, which is tried once after a 404.

        Raises:
            CannotExtend: not possible for this connection.
            RequestRefused: not approved, or invalid.
            TokenRejected: the refresh token is no longer valid.
        """
        body = {
            "client_id": self._client_id,
            "client_secret": self._client_secret,
            "refresh_token": refresh_token,
            "redirect_uri": redirect_uri,
            "user_has_reconfirmed_consent": True,
            "user": {"id": user_id, "name": user_name, "email": user_email},
            "state": state,
            "code_challenge": code_challenge,
        }
        received = self._transport.send("POST", f"{self._api_url}/connections/extend", json=body)
        if received.status == 404:
            received = self._transport.send("POST", f"{self._api_url}/data/v1/connections/extend", json=body)
        return _extension(received)

    def delete(self, access_token: str) -> None:
        """End the consent that the token belongs to; one that no longer exists counts as ended.

        Source: TrueLayer's specification of the authorisation server, `DELETE /api/delete`.
        """
        headers = {"Authorization": f"Bearer {access_token}"}
        received = self._transport.send("DELETE", f"{self._auth_url}/api/delete", headers=headers)
        if received.status not in (200, 204, 404):
            raise error_from_response(received.status, received.headers, received.body)

    def _post_token(self, form: dict[str, str]) -> Received:
        return self._transport.send(
            "POST",
            f"{self._auth_url}/connect/token",
            form={"client_id": self._client_id, "client_secret": self._client_secret, **form},
        )


def new_code_verifier() -> tuple[str, str]:
    """A verifier to keep and its challenge (S256) to send."""
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _extension(received: Received) -> Extension:
    body = _decoded(received, _ExtendBody)
    try:
        outcome = ExtensionOutcome(body.action_needed or body.action_type or "")
    except ValueError:
        raise UnexpectedResponse("the answer names no known next step") from None
    tokens = _tokens(received) if outcome is ExtensionOutcome.EXTENDED else None
    return Extension(outcome, tokens, body.user_input_link)


def _tokens(received: Received) -> Tokens:
    body = _decoded(received, _TokenBody)
    if not body.access_token:
        raise UnexpectedResponse("the answer contains no access token")
    return Tokens(
        access_token=body.access_token,
        expires_at=received.received_at + timedelta(seconds=_lifetime_s(body.expires_in)),
        refresh_token=body.refresh_token or None,
    )


def _lifetime_s(value: object) -> float:
    """The lifetime as a number or its text; TrueLayer's usual one for anything else, and a day at most."""
    try:
        seconds = float(value) if isinstance(value, (int, float, str)) else 0.0
    except ValueError:
        seconds = 0.0
    return min(seconds, LONGEST_EXPIRES_IN_S) if seconds > 0 else DEFAULT_EXPIRES_IN_S


B = TypeVar("B", _TokenBody, _ExtendBody)


def _decoded(received: Received, kind: type[B]) -> B:
    if received.status != 200:
        raise error_from_response(received.status, received.headers, received.body)
    try:
        return msgspec.json.decode(received.body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise UnexpectedResponse("the answer has the wrong form") from None
