"""Run a command as an account without rights, for servers that refuse to run as root.

`python -m bankimport.processes.unprivileged COMMAND…` drops root and becomes COMMAND with the same process id. If a
folder above the data is closed to others, as root's own home is, the process keeps the right to pass through folders,
so that no permission has to be opened permanently.
"""

import ctypes
import os
import pwd
import sys
from contextlib import suppress
from pathlib import Path

ACCOUNT = "nobody"

_PR_SET_KEEPCAPS = 8
_PR_SET_SECUREBITS = 28
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def is_needed() -> bool:
    """Whether this process runs as root, which PostgreSQL refuses."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def command_without_rights(command: list[str]) -> list[str]:
    """The command that runs `command` without root's rights; the same command if we are not root."""
    return [sys.executable, "-m", "bankimport.processes.unprivileged", *command] if is_needed() else command


def give_away(folder: Path) -> None:
    """Make the account the owner of a folder and everything in it."""
    if not is_needed():
        return
    account = pwd.getpwnam(ACCOUNT)
    for path in (folder, *folder.rglob("*")):
        with suppress(FileNotFoundError):  # A server's temporary file, deleted since the folder was read.
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def _drop_root() -> None:
    account = pwd.getpwnam(ACCOUNT)
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if libc is not None:
        libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
        # access(2) ignores a non-root process's capabilities unless this is set; initdb uses it to find programs.
        libc.prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setresgid(account.pw_gid, account.pw_gid, account.pw_gid)
    os.setresuid(account.pw_uid, account.pw_uid, account.pw_uid)
    if libc is not None:
        bit = 1 << _CAP_DAC_OVERRIDE
        data = (_Data * 2)(_Data(bit, bit, bit), _Data(0, 0, 0))
        if libc.capset(ctypes.byref(_Header(_CAPABILITY_VERSION, 0)), data) == 0:
            libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)


def main(command: list[str]) -> None:
    """Drop root and become the command."""
    _drop_root()
    os.execv(command[0], command)  # noqa: S606 - that is its purpose


if __name__ == "__main__":
    main(sys.argv[1:])
