"""Whether a process answers over HTTP."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from bankimport.processes.ports import free_port
from bankimport.processes.ready import serves


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/well" else 503)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_only_an_answer_of_200_counts() -> None:
    with HTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        answers = serves(f"{url}/well"), serves(url)
        server.shutdown()
        thread.join()

    assert answers == (True, False)
    assert not serves(f"http://127.0.0.1:{free_port()}/well")
