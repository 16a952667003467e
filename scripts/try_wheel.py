"""Install a wheel alone into an empty environment and run it: it must bring all it needs, the page and migrations too.

Usage: try_wheel.py WHEEL. Third-party packages come as ordinary dependencies of the wheel, at the pinned versions.
"""

import os
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PINS = ROOT / "backend" / "requirements.txt"


def main(wheel: Path) -> None:
    """Raise when the wheel cannot be installed, is incomplete, or does not run by itself."""
    names = zipfile.ZipFile(wheel).namelist()
    for needed in ("bankimport/db/migrations/env.py", "bankimport/web/index.html", "truelayer_simulator/app.py"):
        if needed not in names:
            raise SystemExit(f"{wheel.name} lacks {needed}")
    with tempfile.TemporaryDirectory() as folder:
        environment = Path(folder) / "venv"
        venv.create(environment, with_pip=True)
        python = environment / "bin" / "python"
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "--require-hashes", "-r", PINS], check=True)
        subprocess.run([*install, wheel.resolve()], check=True)
        subprocess.run([python, "-m", "pip", "check"], check=True, stdout=subprocess.DEVNULL)
        clean = {"PATH": os.environ["PATH"], "HOME": folder}
        run = [environment / "bin" / "bankimport", "demo", "--once"]
        done = subprocess.run(run, cwd=folder, env=clean, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            raise SystemExit(f"the installed wheel does not run:\n{done.stdout}\n{done.stderr}")
    sys.stdout.write(f"{wheel.name} runs by itself in an empty environment\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
