"""Run everything with the simulator, and the page with hot reload, until Ctrl-C."""

import os
import subprocess
import sys
from pathlib import Path

from bankimport.processes.ports import api_port

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Start both, stop both."""
    port = str(api_port("127.0.0.1", None))
    page = "http://localhost:5173"
    environment = {**os.environ, "BANKIMPORT_PORT": port, "BANKIMPORT_PUBLIC_URL": page}
    environment["TRUELAYER_REDIRECT_URI"] = f"{page}/api/truelayer/connections/callback"
    environment["BANKIMPORT_URL"] = f"http://127.0.0.1:{port}"
    up = [sys.executable, "-m", "bankimport.cli", "up", "--simulator"]
    with (
        subprocess.Popen(up, env=environment) as machine,
        subprocess.Popen(
            ["npm", "run", "dev", "--", "--port", "5173", "--strictPort"], cwd=ROOT / "frontend", env=environment
        ) as vite,
    ):
        try:
            machine.wait()
        except KeyboardInterrupt:
            machine.wait()
        finally:
            vite.terminate()


if __name__ == "__main__":
    main()
