"""python-socketio without what only its clients and other brokers need: 0.3 s and 20 MB of each process.

It imports them all if they are installed, and other packages install some of them. They can be imported afterwards.
"""

import sys

_NOT_NEEDED = ("aiohttp", "requests", "websocket", "tornado", "valkey", "kafka", "aio_pika")

_hidden = [name for name in _NOT_NEEDED if name not in sys.modules]
# Python's way of saying that a module is not there.
sys.modules.update(dict.fromkeys(_hidden))  # type: ignore[arg-type]
try:
    import socketio
finally:
    for _name in _hidden:
        del sys.modules[_name]

__all__ = ["socketio"]
