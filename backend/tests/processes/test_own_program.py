"""A fork that became a program has that program's words, environment, log, files and session, and its exit code."""

import json
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import atexit, json, os, sys

atexit.register(lambda: print("at its end", flush=True))
print(json.dumps({
    "words": sys.argv[1:],
    "environment": {name: os.environ.get(name) for name in ("BEFORE", "GIVEN")},
    "title": open("/proc/self/cmdline").read().rstrip(chr(0)),
    "leads_its_session": os.getsid(0) == os.getpid(),
    # The listing itself is a file that is open only meanwhile.
    "open": [n for n in os.listdir("/proc/self/fd") if int(n) > 2 and os.path.exists(f"/proc/self/fd/{n}")],
    "is_shared": "shared" in sys.modules,
}), flush=True)
sys.exit(int(sys.argv[1]))
"""
PARENT = """
import sys, types
from bankimport.processes.own_program import OwnProgram, can_fork

assert can_fork()
sys.modules["shared"] = types.ModuleType("shared")
with open(sys.argv[1], "wb") as log, open(sys.argv[2]) as held:
    own = OwnProgram(["an_own_program", "7", "a word"], log, {"GIVEN": "here"})
    print(own.wait(60), own.poll())
    endless = OwnProgram(["http.server", "--bind", "127.0.0.1", "0"], log, {})
    assert endless.poll() is None
    endless.kill()
    print(endless.wait(60))
"""


def test_a_fork_is_the_program_and_ends_as_it_does(tmp_path: Path) -> None:
    (tmp_path / "an_own_program.py").write_text(PROGRAM)
    log, held = tmp_path / "log", tmp_path / "held"
    held.touch()

    done = subprocess.run(
        [sys.executable, "-c", PARENT, str(log), str(held)],
        env={"PYTHONPATH": str(tmp_path), "BEFORE": "kept"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout.split() == ["7", "7", "-9"]
    described, end = log.read_text().splitlines()[:2]
    assert end == "at its end"
    program = json.loads(described)
    assert program["open"] == []
    assert program["words"] == ["7", "a word"]
    assert program["environment"] == {"BEFORE": "kept", "GIVEN": "here"}
    assert program["title"].endswith("python -m an_own_program 7 a word")
    assert program["leads_its_session"]
    assert program["is_shared"]
