"""Find out whether a process of this machine answers over HTTP."""

from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from bankimport.processes.child import ANSWERS_WITHIN_S


def serves(url: str) -> bool:
    """Whether this http address answers 200.

    A start asks many times a second, so this takes no client that first loads certificates.
    """
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=ANSWERS_WITHIN_S)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
