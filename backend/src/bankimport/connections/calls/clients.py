"""The clients of TrueLayer's two hosts, one of each per process and credentials."""

import functools

from bankimport.connections.calls.credentials import Credentials, credentials, data_host
from bankimport.settings import get_settings
from bankimport.truelayer.client import TrueLayerClient
from bankimport.truelayer.oauth import TrueLayerAuth
from bankimport.truelayer.transport import Transport
from bankimport.truelayer.v3.client import DataV3Client


@functools.cache
def transport() -> Transport:
    """The connection pool of this process."""
    return Transport(timeout_s=get_settings().truelayer_timeout_s)


def data_client() -> TrueLayerClient:
    """TrueLayer's data host."""
    return TrueLayerClient(data_host(), transport())


def auth_client() -> TrueLayerAuth:
    """TrueLayer's authorisation host for our client id.

    Raises:
        TrueLayerNotConfigured: as `credentials`.
    """
    return auth_client_of(credentials())


def auth_client_of(used: Credentials) -> TrueLayerAuth:
    """TrueLayer's authorisation host for these credentials."""
    return TrueLayerAuth(used.auth_url, used.api_url, used.client_id, used.client_secret, transport())


def data_v3_client() -> DataV3Client:
    """TrueLayer's Data API v3, for our client id.

    Raises:
        TrueLayerNotConfigured: as `credentials`.
    """
    used = credentials()
    return DataV3Client(used.auth_url, used.api_url, used.client_id, used.client_secret, transport())
