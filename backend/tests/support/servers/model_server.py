"""A model server with OpenAI's protocol, over real HTTP, that misbehaves on demand."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

INPUT_TOKENS_EACH = 20
OUTPUT_TOKENS_EACH = 10


@dataclass
class ModelServer:
    """The received requests, and what comes next: each request uses the first of `moods`, after that it behaves
    well."""

    url: str = ""
    moods: list[str] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    delay_s: float = 0.0
    tokens_times: int = 1
    """The factor by which it reports more tokens than it should."""
    release: threading.Event = field(default_factory=threading.Event)
    """Releases a request whose mood is `hangs`."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def labels(self, text: str) -> list[dict[str, Any]]:
        """It believes descriptions: an instruction in one is obeyed as far as possible."""
        found = []
        for item in json.loads(text)["transactions"]:
            description = item["description"]
            category = "Groceries" if "SHOP" in description else "unknown"
            merchant = description.title()[:60]
            if "IGNORE" in description:
                category, merchant = "Free money", "Owned \x1b[31m"
            found.append({"id": item["id"], "merchant": merchant, "category": category, "confidence": 0.9})
        return found


def _handler(server: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            text = body["messages"][-1]["content"]
            with server.lock:
                server.requests.append(body)
                server.asked += [item["description"] for item in json.loads(text)["transactions"]]
                mood = server.moods.pop(0) if server.moods else "good"
            time.sleep(server.delay_s)
            labels = server.labels(text)
            match mood:
                case "429":
                    self._send(429, {"error": {"message": "slow down"}}, {"Retry-After": "0"})
                    return
                case "429 for long":
                    self._send(429, {"error": {"message": "slow down"}}, {"Retry-After": "3600"})
                    return
                case "429 for 30":
                    self._send(429, {"error": {"message": "slow down"}}, {"Retry-After": "30"})
                    return
                case "401":
                    self._send(401, {"error": {"message": "no such key"}})
                    return
                case "dies":
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{")
                    self.close_connection = True
                    return
                case "hangs":
                    server.release.wait()
                    self.close_connection = True
                    return
                case "wrong ids":
                    labels = [label | {"id": label["id"] + 1000} for label in labels]
            message: dict[str, Any] = {"role": "assistant", "content": json.dumps({"labels": labels})}
            if mood == "malformed":
                message["content"] = '{"labels": [{'
            if mood == "refuses":
                message = {"role": "assistant", "content": None, "refusal": "I will not"}
            count = len(labels) * server.tokens_times
            self._send(
                200,
                {
                    "id": "chatcmpl-1",
                    "object": "chat.completion",
                    "created": 1_700_000_000,
                    "model": body["model"],
                    "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                    "usage": {
                        "prompt_tokens": INPUT_TOKENS_EACH * count,
                        "completion_tokens": OUTPUT_TOKENS_EACH * count,
                        "total_tokens": (INPUT_TOKENS_EACH + OUTPUT_TOKENS_EACH) * count,
                    },
                },
            )

        def _send(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@contextmanager
def running_model_server() -> Iterator[ModelServer]:
    """A server on loopback for the duration of the block."""
    server = ModelServer()
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    server.url = f"http://127.0.0.1:{http.server_address[1]}/v1"
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield server
    server.release.set()
    http.shutdown()
    http.server_close()
