"""Import what is missing of every bank through bankimport's API, and print the new rows as CSV.

Needs Python 3.11 and nothing else. Make a token under Settings, API tokens, with the scopes `read` and `import`:

    BANKIMPORT_URL=http://127.0.0.1:8000 BANKIMPORT_TOKEN=bi_… python import_new_rows.py

While its user waits for the result, a program with the scope `attended` too may set PSU_IP to their public address, so
that the bank does not limit it to four calls a day.
"""

import csv
import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

URL = os.environ.get("BANKIMPORT_URL", "http://127.0.0.1:8000")
TOKEN = os.environ["BANKIMPORT_TOKEN"]
PRESENT = {"X-PSU-IP": os.environ["PSU_IP"]} if "PSU_IP" in os.environ else {}
ENDED = {"completed", "partly_failed", "failed", "cancelled", "undone"}


def call(
    method: str, path: str, body: dict[str, Any] | None = None, **query: object
) -> dict[str, Any]:
    """One request; an error raises with the API's `code` and `message`."""
    request = urllib.request.Request(
        f"{URL}/api/{path}?{urlencode(query)}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {TOKEN}",
            "Content-Type": "application/json",
            **PRESENT,
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            found: dict[str, Any] = json.load(answer)
            return found
    except urllib.error.HTTPError as refused:
        problem = json.load(refused)
        raise SystemExit(f"{problem['code']}: {problem['message']}") from None


def run_import(connection_id: str) -> str:
    """Plan, start and follow an import of the days since the last one; returns its id."""
    plan = call(
        "POST",
        "truelayer/import/plan",
        {"connection_id": connection_id, "job_type": "incremental"},
    )
    job_id: str = plan["job_id"]
    print(
        f"import {job_id}: about {plan['estimated_transactions']} rows", file=sys.stderr
    )
    call("POST", "truelayer/import/start", {"job_id": job_id})
    while True:
        status = call("GET", f"truelayer/import/status/{job_id}")
        print(f"{status['status']}, {status['progress']['percent']} %", file=sys.stderr)
        # Rows are stored as soon as a job is enriching.
        if status["status"] in ENDED | {"enriching"}:
            return job_id
        time.sleep(2)


def rows_of(job_id: str) -> Iterator[dict[str, Any]]:
    """The rows that an import brought, page by page."""
    cursor: dict[str, str] = {}
    while True:
        page = call("GET", "transactions", import_job_id=job_id, limit=500, **cursor)
        yield from page["transactions"]
        if page["next_cursor"] is None:
            return
        cursor = {"cursor": page["next_cursor"]}


def main() -> None:
    """Import, and print the rows."""
    out = csv.writer(sys.stdout)
    out.writerow(["id", "date", "amount", "currency", "description"])
    for connection in call("GET", "truelayer/connections")["connections"]:
        if connection["status"] != "active":
            print(f"{connection['bank']} has to be connected again", file=sys.stderr)
            continue
        for row in rows_of(run_import(connection["id"])):
            out.writerow(
                [
                    row[name]
                    for name in ("id", "date", "amount", "currency", "description")
                ]
            )


if __name__ == "__main__":
    main()
