"""A network of its own, where the system lets us: what calls the C library passes audit hooks.

Linux namespaces (man 7 network_namespaces, user_namespaces): the process sees a loopback
interface and nothing else. Without the right to make one, all stays as it was.
"""

from __future__ import annotations

import os
import socket
import struct
import sys

_NEW_USER = 0x10000000
_NEW_NETWORK = 0x40000000
_SET_FLAGS = 0x8914  # SIOCSIFFLAGS
_UP = 0x1


def isolate() -> bool:
    """Leave the machine's network; must come before the first thread.

    Returns:
        Whether it was possible.
    """
    if sys.platform != "linux":
        return False
    try:
        import ctypes

        user, group, is_root = os.getuid(), os.getgid(), os.geteuid() == 0
        if ctypes.CDLL(None).unshare(_NEW_NETWORK | (0 if is_root else _NEW_USER)) != 0:
            return False
        if not is_root:
            _keep_names(user, group)
        _loopback()
    except (OSError, AttributeError, ImportError):
        return False
    return True


def _keep_names(user: int, group: int) -> None:
    """Stay the same user in the new namespace."""
    for name, words in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with open("/proc/self/" + name, "w") as stream:
            stream.write(words)


def _loopback() -> None:
    """Switch on the loopback interface: libraries bind free ports of it on import."""
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fcntl.ioctl(handle, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP))
