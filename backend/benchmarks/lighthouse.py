"""Let Lighthouse judge pages of a running demonstration in a real browser: performance and accessibility, of 100.

The built page is judged as on a desktop, signed in. Take it on a quiet machine: performance is a measurement.

Usage: python -m benchmarks.lighthouse [--json]
"""

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import httpx2
from tests.journeys.browser import ROOT, browser_path
from tests.journeys.machine import PASSWORD, machine

from benchmarks.report import show

LIGHTHOUSE = ROOT / "frontend" / "node_modules" / ".bin" / "lighthouse"
PAGES = (
    "/imports",
    "/imports/new",
    "/queue",
    "/connections",
    "/transactions",
    "/proof",
    "/schedules",
    "/costs",
    "/enrichment",
)
EMAIL = "ada@example.org"


def measure() -> dict[str, Any]:
    """Both scores of each page."""
    with tempfile.TemporaryDirectory() as home, machine(Path(home)) as up:
        up.run("user", "create", EMAIL, "--password-stdin", text=PASSWORD + "\n")
        answer = httpx2.post(f"{up.url}/api/auth/login", json={"email": EMAIL, "password": PASSWORD})
        cookie = answer.raise_for_status().headers["set-cookie"].partition(";")[0]
        return {page: _scores(up.url + page, cookie) for page in PAGES}


def _scores(url: str, cookie: str) -> dict[str, int]:
    done = subprocess.run(  # noqa: S603  (a program of the project, with arguments of our own)
        [
            str(LIGHTHOUSE),
            url,
            "--quiet",
            "--preset=desktop",
            "--output=json",
            "--only-categories=performance,accessibility",
            f"--extra-headers={json.dumps({'Cookie': cookie})}",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage",
        ],
        env={**os.environ, "CHROME_PATH": browser_path()},
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    categories = json.loads(done.stdout)["categories"]
    return {name: round(category["score"] * 100) for name, category in categories.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    show(measure(), as_json=parser.parse_args().json)
