"""Limit the files that a process can reach, by Linux's Landlock; for a server that has to keep a capability.

Source: kernel documentation, "Landlock: unprivileged access control". The numbers are the same on every architecture.
"""

import ctypes
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG = 1
_RULE_PATH_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38
_O_PATH = 0o10000000

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_ALL_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
"""Every right of the first versions: reading, writing, making and removing; then moving; then truncating."""
_OF_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | (1 << 14)

READS = _READ_FILE | _READ_DIR
RUNS = READS | _EXECUTE
CHANGES = (1 << 15) - 1


class _Rules(ctypes.Structure):
    _fields_ = (("handled_access_fs", ctypes.c_uint64),)


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def is_offered() -> bool:
    """Whether this kernel has Landlock."""
    return sys.platform == "linux" and _call(_CREATE_RULESET, None, 0, _VERSION_FLAG) >= 1


def limit_files(allowed: Mapping[Path, int]) -> bool:
    """Let this process and its children reach only what is in these folders and files, each with its rights.

    Paths that do not exist are passed over. Returns whether the limit holds now.
    """
    version = min(_call(_CREATE_RULESET, None, 0, _VERSION_FLAG), 3) if sys.platform == "linux" else 0
    if version < 1:
        return False
    handled = _ALL_BY_VERSION[version]
    rules = _Rules(handled)
    ruleset = _call(_CREATE_RULESET, ctypes.byref(rules), ctypes.sizeof(rules), 0)
    if ruleset < 0:
        return False
    try:
        for path, rights in allowed.items():
            with suppress(FileNotFoundError):
                _allow(ruleset, path, rights & handled)
        ctypes.CDLL(None).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return _call(_RESTRICT_SELF, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    place = os.open(path, _O_PATH | os.O_CLOEXEC)
    try:
        rule = _Beneath(rights if path.is_dir() else rights & _OF_A_FILE, place)
        _call(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(place)


def _call(number: int, *arguments: object) -> int:
    return int(ctypes.CDLL(None, use_errno=True).syscall(ctypes.c_long(number), *arguments))
