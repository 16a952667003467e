"""The API's OpenAPI document, where FastAPI knows too little.

sockets  the messages of Socket.IO
errors   each operation's errors, and the ways to sign in

`operation_errors.json` is written by `scripts/operation_errors.py`.
"""
