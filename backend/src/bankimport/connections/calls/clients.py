"""The clients of TrueLayer's two hosts, one of each per process."""

import functools

from bankimport.connections.errors import TrueLayerNotConfigured
from bankimport.settings import Settings, get_settings
from bankimport.truelayer.client import TrueLayerClient
from bankimport.truelayer.oauth import TrueLayerAuth
from bankimport.truelayer.transport import Transport
from bankimport.truelayer.v3.client import DataV3Client


@functools.cache
def transport() -> Transport:
    """The connection pool of this process."""
    return Transport(timeout_s=get_settings().truelayer_timeout_s)


@functools.cache
def data_client() -> TrueLayerClient:
    """TrueLayer's data host."""
    return TrueLayerClient(get_settings().truelayer_api_url, transport())


@functools.cache
def auth_client() -> TrueLayerAuth:
    """TrueLayer's authorisation host for our client id.

    Raises:
        TrueLayerNotConfigured: the client id or secret is not set.
    """
    settings = get_settings()
    return TrueLayerAuth(settings.truelayer_auth_url, settings.truelayer_api_url, *_client_of(settings), transport())


@functools.cache
def data_v3_client() -> DataV3Client:
    """TrueLayer's Data API v3, for our client id.

    Raises:
        TrueLayerNotConfigured: the client id or secret is not set.
    """
    settings = get_settings()
    return DataV3Client(settings.truelayer_auth_url, settings.truelayer_api_url, *_client_of(settings), transport())


def _client_of(settings: Settings) -> tuple[str, str]:
    """Our client id and secret."""
    if settings.truelayer_client_id is None or settings.truelayer_client_secret is None:
        raise TrueLayerNotConfigured(
            "set TRUELAYER_CLIENT_ID and TRUELAYER_CLIENT_SECRET to the values from your TrueLayer console, "
            "or start with --simulator"
        )
    return settings.truelayer_client_id, settings.truelayer_client_secret.get_secret_value()
