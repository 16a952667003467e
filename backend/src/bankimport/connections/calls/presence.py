"""The address of a present user, which is sent to the bank as X-PSU-IP: a statement that they request this now.

Source: docs.truelayer.com, "Make requests to the Data API": send X-PSU-IP only when the user is present.
"""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Header, Request

from bankimport.auth import Caller, CurrentCaller
from bankimport.connections.calls.addresses import public_address
from bankimport.errors import Forbidden, InvalidRequest
from bankimport.users.access import Scope

FRESH_FOR = timedelta(minutes=5)
"""How long after their last click or key press a user counts as present."""

GESTURE_HEADER = "X-Gesture-Age"


def address_of_person(
    request: Request,
    caller: CurrentCaller,
    gesture_age: Annotated[
        int | None,
        Header(
            alias=GESTURE_HEADER, ge=0, description="seconds since the user's last click or key press, as the page says"
        ),
    ] = None,
    psu_ip: Annotated[
        str | None,
        Header(alias="X-PSU-IP", description="the address of the person for whom a program with a token asks"),
    ] = None,
) -> str | None:
    """The address of the person who makes this request; None if nobody is present, as for programs.

    In a browser it is the session's user, who has clicked a moment ago. A token passes on its user's address under a
    scope of its own.

    Raises:
        Forbidden: the token may not pass on an address.
        InvalidRequest: the address passed on is not a public one.
    """
    if caller.scopes is None:
        is_fresh = gesture_age is not None and gesture_age <= FRESH_FOR.total_seconds()
        return browser_address(request) if is_fresh else None
    return None if psu_ip is None else _passed_on(caller, psu_ip)


PersonAddress = Annotated[str | None, Depends(address_of_person, scope="function")]


def browser_address(request: Request) -> str | None:
    """The public address that a browser's request comes from; None for one of this machine or a private network.

    Behind a reverse proxy, uvicorn puts the last hop's address here if it trusts the proxy.
    """
    return public_address(request.client.host) if request.client is not None else None


def _passed_on(caller: Caller, psu_ip: str) -> str:
    if Scope.ATTENDED not in (caller.scopes or ()):
        raise Forbidden(
            f"this token lacks the scope {Scope.ATTENDED}, so it cannot pass on a person's address as X-PSU-IP; "
            "make one that has it, or leave the header out",
            needed_scope=Scope.ATTENDED.value,
        )
    address = public_address(psu_ip)
    if address is None:
        raise InvalidRequest("X-PSU-IP is not a public address; send the person's own, or leave the header out")
    return address
