"""The address of a present user, which is sent to the bank as X-PSU-IP."""

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import Request

UNKNOWN_ADDRESS = "127.0.0.1"


def user_address(request: "Request") -> str:
    """The address of the user who makes this request.

    Only a request by a signed-in user proves that they are present. Behind a reverse proxy, uvicorn puts the forwarded
    address here if it trusts the proxy.

    Source: docs.truelayer.com, "Make requests to the Data API": send X-PSU-IP only when the user is present.
    """
    host = request.client.host if request.client is not None else UNKNOWN_ADDRESS
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return UNKNOWN_ADDRESS
