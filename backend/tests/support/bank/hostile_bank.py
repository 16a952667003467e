"""A socket that answers as the test specifies."""

import socket
import threading
from collections.abc import Callable

Answer = Callable[[socket.socket], None]


def http(
    body: bytes,
    status: str = "200 OK",
    content_type: str = "application/json",
    *,
    length: int | None = None,
    extra: str = "",
) -> bytes:
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {size}", "Connection: close"]
    return ("\r\n".join(lines) + "\r\n" + extra + "\r\n").encode() + body


class HostileBank:
    """A socket that answers each connection with the next of the given byte strings."""

    def __init__(self, *answers: bytes | Answer) -> None:
        self.requests: list[str] = []
        self._answers = list(answers)
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        for answer in self._answers:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection:
                data = b""
                while b"\r\n\r\n" not in data:
                    data += connection.recv(65536)
                self.requests.append(data.decode())
                if isinstance(answer, bytes):
                    connection.sendall(answer)
                else:
                    answer(connection)

    def close(self) -> None:
        self._server.close()
