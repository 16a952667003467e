"""Say where the user is while they are present: the address that a bank is told as X-PSU-IP."""

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import Request

UNKNOWN_ADDRESS = "127.0.0.1"


def user_address(request: "Request") -> str:
    """The address of the user who makes this request.

    A request that a signed-in user makes is the proof that they are present; nothing else is. Behind a reverse proxy
    uvicorn puts the forwarded address here, for the proxies that it was told to trust.

    Source: docs.truelayer.com, "Make requests to the Data API": X-PSU-IP only when the user is at hand.
    """
    host = request.client.host if request.client is not None else UNKNOWN_ADDRESS
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return UNKNOWN_ADDRESS
