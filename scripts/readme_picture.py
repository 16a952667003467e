"""Take the picture of an import that README shows, from the demonstration in a real browser.

`make screenshots` runs it. It needs the built page and the browser that `make test` finds or installs.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "images" / "import.png"
BROWSER = ROOT / ".cache" / "browser"
LINK = re.compile(r"http://\S+/api/auth/link\S+")
SIZE = (1280, 900)
PATIENCE_MS = 300_000
STOPS_WITHIN_S = 60.0


def main() -> None:
    """Run the demonstration, sign in with its link, and take the picture of its first import."""
    with tempfile.TemporaryDirectory() as home:
        demo = subprocess.Popen(
            [sys.executable, "-m", "bankimport.cli", "demo"],
            env={"PATH": "/usr/bin:/bin", "HOME": home, "BANKIMPORT_HOME": f"{home}/bankimport"},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert demo.stdout is not None
            link = next((found for line in demo.stdout if (found := LINK.search(line))), None)
            if link is None:
                raise SystemExit("the demonstration ended without a sign-in link")
            take_picture(link.group())
        finally:
            demo.terminate()
            demo.wait(STOPS_WITHIN_S)


def take_picture(link: str) -> None:
    """Open the first import once its rows are enriched, and store the picture."""
    width, height = SIZE
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER.read_text().strip(), args=["--no-sandbox"])
        page = browser.new_page(
            base_url=link.partition("/api/")[0],
            viewport={"width": width, "height": height},
            locale="en-GB",
            reduced_motion="reduce",
        )
        page.set_default_timeout(PATIENCE_MS)
        page.goto(link)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("navigation", name="Pages").wait_for()
        while (first := oldest_import(page))["status"] == "enriching":
            page.wait_for_timeout(1000)
        page.goto(f"/imports/{first['job_id']}")
        page.get_by_role("heading", name=f"Import {first['job_id']}").wait_for()
        page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
        page.screenshot(path=PICTURE)
        browser.close()


def oldest_import(page: Page) -> dict[str, Any]:
    """The demonstration's first import, as the history lists it."""
    first: dict[str, Any] = page.request.get("/api/truelayer/import/history").json()["imports"][-1]
    return first


if __name__ == "__main__":
    main()
