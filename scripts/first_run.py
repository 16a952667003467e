"""Play a first run, from an empty home to a proven record, and take the pictures and times of docs/first-run.md.

`make screenshots` runs it. The bank is the simulator, under the addresses of TrueLayer that the settings name; all else is
as for a new user. It needs the built page and the browser that `make test` finds or installs.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bankimport.processes.ports import free_port
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "first-run.md"
PICTURES = ROOT / "docs" / "images" / "first-run"
BROWSER = ROOT / ".cache" / "browser"
SIZE = (1060, 820)
PATIENCE_MS = 300_000
STOPS_WITHIN_S = 60.0
MOST_SECONDS = 120.0
MOST_BYTES = 120_000
FIRST_LINK = "/api/auth/first?token="
SETTLED = "() => !document.querySelector('[aria-busy=true]')"
HEAD = """# A first run

From an empty folder to a proven record: `scripts/first_run.py` plays what a new user does in a real browser, with the simulator as the
bank, and takes these pictures and times. The last run took {seconds:.0f} seconds, from `bankimport up` to the proof.
"""


class Run:
    """A first run in progress: the time since it began, and the steps so far."""

    def __init__(self, page: Page, began: float) -> None:
        self.page = page
        self.began = began
        self.steps: list[tuple[float, str, str]] = []

    def step(self, name: str, said: str) -> None:
        """Take a picture of the page as it is, with the time and a sentence on what it shows."""
        elapsed = time.monotonic() - self.began
        self.page.wait_for_function(SETTLED)
        picture = PICTURES / f"{len(self.steps) + 1}-{name}.png"
        self.page.screenshot(path=picture)
        if picture.stat().st_size > MOST_BYTES:
            raise SystemExit(f"{picture.name} has {picture.stat().st_size} bytes, more than {MOST_BYTES}")
        print(f"{elapsed:6.1f} s  {said}")
        self.steps.append((elapsed, picture.relative_to(DOCUMENT.parent).as_posix(), said))

    def write(self) -> None:
        """Write the document; a run that took too long is an error."""
        seconds = self.steps[-1][0]
        parts = [f"\n## {elapsed:.0f} s\n\n{said}\n\n![{said}]({picture})\n" for elapsed, picture, said in self.steps]
        if seconds > MOST_SECONDS:
            raise SystemExit(f"the first run took {seconds:.0f} seconds, more than {MOST_SECONDS:.0f}")
        DOCUMENT.write_text(HEAD.format(seconds=seconds) + "".join(parts), encoding="utf-8")


def main() -> None:
    """Start the simulator and an empty installation, and be its first user."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        env = {"PATH": "/usr/bin:/bin", "HOME": home}
        bank = f"http://127.0.0.1:{free_port()}"
        serve = ("truelayer_simulator.cli", "serve", "--port", bank.rpartition(":")[2])
        with running(*serve, "--state-file", f"{home}/bank.json", env=env) as bank_says:
            next(line for line in bank_says if bank in line)
            hosts = {"TRUELAYER_AUTH_URL": bank, "TRUELAYER_API_URL": bank}
            mine = {
                "BANKIMPORT_HOME": f"{home}/bankimport",
                "BANKIMPORT_PORT": str(free_port()),
            }
            began = time.monotonic()
            with running("bankimport.cli", "up", env={**env, **hosts, **mine}) as said:
                link = next(word for line in said for word in line.split() if FIRST_LINK in word)
                be_the_first_user(link, began)


@contextmanager
def running(module: str, *arguments: str, env: dict[str, str]) -> Iterator[IO[str]]:
    """A module's process, which is ended afterwards; yields its output."""
    command = [sys.executable, "-u", "-m", module, *arguments]
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout
    finally:
        process.terminate()
        process.wait(STOPS_WITHIN_S)


def be_the_first_user(link: str, began: float) -> None:
    """Follow the link that `up` printed, in a browser, until the record is proven."""
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
        run = Run(page, began)
        become_administrator(run, link)
        set_up_truelayer(run)
        connect(run)
        import_everything(run)
        see_the_proof(run)
        browser.close()
    run.write()


def become_administrator(run: Run, link: str) -> None:
    page = run.page
    page.goto(link)
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password").fill("correct horse battery")
    run.step(
        "account",
        "`bankimport up` printed a link, which makes the administrator's account.",
    )
    page.get_by_role("button").click()
    page.get_by_role("heading", name="Welcome to bankimport").wait_for()
    run.step("welcome", "The first page says what comes next: the application at TrueLayer.")


def set_up_truelayer(run: Run) -> None:
    page = run.page
    page.get_by_role("link", name="Set up TrueLayer").click()
    page.get_by_label("Client id").fill("sandbox-simulator")
    page.get_by_label("Client secret").fill("simulator-secret")
    run.step(
        "set-up",
        "The redirect URI to copy, and the client id and secret from TrueLayer's console.",
    )
    page.get_by_role("button", name="Check and save").click()
    page.get_by_label("In use").wait_for()
    page.evaluate("() => window.scrollTo(0, document.body.scrollHeight)")
    run.step("checked", "They are checked with TrueLayer and stored encrypted.")


def connect(run: Run) -> None:
    page = run.page
    page.get_by_role("link", name="bankimport", exact=True).click()
    page.get_by_role("button", name="Connect a bank").click()
    page.get_by_label("Bank", exact=True).wait_for()
    run.step("bank", "The bank's own page asks what to share.")
    page.get_by_role("button", name="Allow").click()
    page.get_by_role("button", name="Import everything the bank gives").wait_for()
    run.step(
        "connected",
        "Back from the bank: how long it still gives its older history, and one button for all of it.",
    )


def import_everything(run: Run) -> None:
    page = run.page
    page.get_by_role("button", name="Import everything the bank gives").click()
    page.get_by_role("progressbar").first.wait_for()
    run.step("progress", "The import runs; each account has its progress and its rows.")
    page.get_by_text("completed", exact=True).first.wait_for()
    run.step("imported", "All accounts are imported; one button would undo it.")


def see_the_proof(run: Run) -> None:
    page = run.page
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Coverage and proof").click()
    page.get_by_role("group", name="Months").first.get_by_role("button").last.click()
    page.get_by_role("group", name="Days").get_by_role("button", disabled=False).first.click()
    page.get_by_text("closing balance").first.wait_for()
    card = page.locator("section").filter(has=page.get_by_role("group", name="Days")).first
    card.evaluate("card => card.scrollIntoView()")
    run.step("proof", "Every day that the balances prove, with the sum that proves it.")


if __name__ == "__main__":
    main()
