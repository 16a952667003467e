"""Run a command as an account without rights, for servers that refuse to run as root.

`python -m bankimport.processes.unprivileged DATA PROGRAMS COMMAND…` drops root and becomes COMMAND with the same
process id. Where the account may pass to the data and the programs, it keeps no capability at all. Where a folder
above is closed to others, as root's own home is, the process keeps the right to pass through folders, and Landlock
limits what it can open to its data, its programs and the system's libraries. So no permission is opened permanently.
"""

import ctypes
import os
import pwd
import stat
import sys
from contextlib import suppress
from pathlib import Path

from bankimport.processes.landlock import CHANGES, READS, RUNS, limit_files

ACCOUNT = "nobody"

_PR_SET_KEEPCAPS = 8
_PR_SET_SECUREBITS = 28
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION = 0x20080522


_OF_THE_SYSTEM = {
    **dict.fromkeys(map(Path, ("/usr", "/bin", "/sbin", "/lib", "/lib64")), RUNS),
    **dict.fromkeys(map(Path, ("/etc/ld.so.cache", "/etc/localtime", "/etc/nsswitch.conf", "/etc/hosts")), READS),
    **dict.fromkeys(map(Path, ("/etc/passwd", "/etc/group", "/etc/resolv.conf", "/etc/host.conf", "/sys")), READS),
    Path("/proc/self"): READS,
    Path("/proc/meminfo"): READS,
    Path("/dev/null"): CHANGES,
    Path("/dev/urandom"): READS,
    Path("/dev/shm"): CHANGES,  # noqa: S108 - PostgreSQL's shared memory lies there
}


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def is_needed() -> bool:
    """Whether this process runs as root, which PostgreSQL refuses."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def command_without_rights(command: list[str], data: Path, programs: Path) -> list[str]:
    """The command that runs `command` without root's rights; the same command if we are not root.

    It changes files in `data` alone, and finds its programs and what they need in `programs`.
    """
    if not is_needed():
        return command
    return [sys.executable, "-m", "bankimport.processes.unprivileged", str(data), str(programs), *command]


def give_away(folder: Path) -> None:
    """Make the account the owner of a folder and everything in it."""
    if not is_needed():
        return
    account = pwd.getpwnam(ACCOUNT)
    for path in (folder, *folder.rglob("*")):
        with suppress(FileNotFoundError):  # A server's temporary file, deleted since the folder was read.
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def may_pass(path: Path) -> bool:
    """Whether the account may pass through every folder above this path."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.resolve().parents)


def _drop_root(data: Path, programs: Path) -> None:
    account = pwd.getpwnam(ACCOUNT)
    keeps = not (may_pass(data) and may_pass(programs)) and sys.platform == "linux"
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if keeps and not limit_files({data: CHANGES, programs: RUNS, **_OF_THE_SYSTEM}):
        sys.stderr.write(
            f"this kernel has no Landlock, so the server can read every file: {data} or {programs} lies in a folder "
            "closed to others; set BANKIMPORT_HOME to another, for example /var/lib/bankimport\n"
        )
    if libc is not None and keeps:
        libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
        # access(2) ignores a non-root process's capabilities unless this is set; initdb uses it to find programs.
        libc.prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setresgid(account.pw_gid, account.pw_gid, account.pw_gid)
    os.setresuid(account.pw_uid, account.pw_uid, account.pw_uid)
    if libc is not None and keeps:
        mask = 1 << _CAP_DAC_OVERRIDE
        data_of_call = (_Data * 2)(_Data(mask, mask, mask), _Data(0, 0, 0))
        if libc.capset(ctypes.byref(_Header(_CAPABILITY_VERSION, 0)), data_of_call) == 0:
            libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)


def main(data: str, programs: str, *command: str) -> None:
    """Drop root and become the command."""
    _drop_root(Path(data), Path(programs))
    os.execv(command[0], command)  # noqa: S606 - that is its purpose


if __name__ == "__main__":
    main(*sys.argv[1:])
