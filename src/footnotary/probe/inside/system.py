"""Calls of Linux that Python's library lacks, through the C library."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from typing import Any

NEW_USER, NEW_MOUNTS, NEW_NETWORK = 0x10000000, 0x00020000, 0x40000000
NEW_PROCESSES, NEW_IPC = 0x20000000, 0x08000000
BIND, RECURSIVE, PRIVATE = 0x1000, 0x4000, 0x40000
NO_SETUID, NO_DEVICES, NO_EXECUTION = 0x2, 0x4, 0x8

_MOUNT_SETATTR = 442  # one number on every architecture, as all calls added since Linux 5.1
_LANDLOCK = 444  # and the two after it
_READ_ONLY = 0x1
_AT_RECURSIVE = 0x8000
_AT_HERE = -100
_NO_NEW_PRIVILEGES = 38
_CAPABILITIES_VERSION = 0x20080522

_library = ctypes.CDLL(None, use_errno=True)


class _MountAttributes(ctypes.Structure):
    _fields_ = [("set", ctypes.c_uint64), ("clear", ctypes.c_uint64),
                ("propagation", ctypes.c_uint64), ("user", ctypes.c_uint64)]  # fmt: skip


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64),
                ("scoped", ctypes.c_uint64)]  # fmt: skip


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def _call(function: Any, *arguments: Any) -> int:
    """Call a C function; -1 becomes an OSError."""
    result = int(function(*arguments))
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def _syscall(number: int, *arguments: Any) -> int:
    whole = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    return _call(_library.syscall, ctypes.c_long(number), *whole)


def unshare(flags: int) -> None:
    """Leave namespaces (man 2 unshare)."""
    _call(_library.unshare, flags)


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount a file system or bind a folder (man 2 mount)."""
    words = [os.fsencode(one) if one else None for one in (source, target, kind)]
    _call(_library.mount, *words, ctypes.c_ulong(flags), options.encode() or None)


def unmount(target: str) -> None:
    """Take a mount away (man 2 umount)."""
    _call(_library.umount2, os.fsencode(target), 0)


def set_read_only(path: str, *, on: bool, recursive: bool = False) -> None:
    """Make a mount read-only, or writable again (man 2 mount_setattr, Linux 5.12)."""
    wanted = _MountAttributes(_READ_ONLY if on else 0, 0 if on else _READ_ONLY, 0, 0)
    _syscall(_MOUNT_SETATTR, _AT_HERE, os.fsencode(path), _AT_RECURSIVE if recursive else 0,
             ctypes.byref(wanted), ctypes.sizeof(wanted))  # fmt: skip


def gain_no_privileges() -> None:
    """Let no program that is started have more rights than this process."""
    _call(_library.prctl, _NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def keep_capabilities(kept: Iterable[int]) -> None:
    """Give up every capability (man 7 capabilities) but those of these numbers."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; low bits, then high bits
    _call(_library.capget, header, sets)
    mask = sum(1 << one for one in kept)
    for at, below in ((0, 0), (1, 0), (3, 32), (4, 32)):
        sets[at] &= mask >> below & 0xFFFFFFFF
    sets[2] = sets[5] = 0
    _call(_library.capset, header, sets)


def landlock_version() -> int:
    """Return the version of Landlock (man 7 landlock); 0 without it."""
    try:
        return _syscall(_LANDLOCK, None, 0, 1)
    except OSError:
        return 0


def landlock_ruleset(files: int, network: int, scoped: int) -> int:
    """Return the descriptor of a new ruleset that denies these rights."""
    wanted = _Ruleset(files, network, scoped)
    size = 24 if scoped else 16 if network else 8  # what the version that knows the fields reads
    return _syscall(_LANDLOCK, ctypes.byref(wanted), size, 0)


def landlock_allow(ruleset: int, path: str, rights: int) -> None:
    """Allow rights on a file, or on everything below a folder."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_PATH", 0))
    try:
        rule = _Beneath(rights, handle)
        _syscall(_LANDLOCK + 1, ruleset, 1, ctypes.byref(rule), 0)
    finally:
        os.close(handle)


def landlock_restrict(ruleset: int) -> None:
    """Hold this process, and all that it starts, to a ruleset."""
    _syscall(_LANDLOCK + 2, ruleset, 0)
