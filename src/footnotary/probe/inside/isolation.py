"""A ground of its own for the import, where the system lets us: no audit hook is asked there.

Linux namespaces (man 7 namespaces): the process sees a loopback interface and nothing else, no
process but its own, the file system read-only, and over the project's folder an overlay that
takes every change. Without the right to make them, Landlock (man 7 landlock) keeps writes out of
everything but the scratch folder, and without that all stays as it was.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import sys
from collections.abc import Collection, Iterator

# What may be separate, strongest first; each way is tried in a process of its own.
WAYS = (
    ("files", "network", "processes"),
    ("files", "network"),
    ("network",),
)
_SET_FLAGS = 0x8914  # SIOCSIFFLAGS
_UP = 0x1
# chown, dac_override, dac_read_search, fowner, fsetid, setgid, setuid, net_bind_service: what root
# needs to read a project of another user, and to become another user.
_KEPT_CAPABILITIES = (0, 1, 2, 3, 4, 6, 7, 10)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/ptmx")
_WRITE_FILE, _MAKE_AND_REMOVE, _REFER, _TRUNCATE = 0x2, 0x1FF0, 0x2000, 0x4000
_CONNECT, _SCOPED = 0x2, 0x3  # TCP; abstract sockets and signals


def enter_isolation(
    root: str, scratch: str, disk: int, ways: Collection[Collection[str]]
) -> frozenset[str]:
    """Go on in a process whose surroundings are separate; must come before the first thread.

    The process that called stays behind, waits, and ends as the new one ends.

    Args:
        root: The project's folder, without links.
        scratch: A folder for what is written; outside of the project.
        disk: How many bytes the layer over the project may hold.
        ways: Which of `WAYS` may be tried.

    Returns:
        What is separate, of `files`, `network` and `processes`; of `files`, `scratch/layer/upper`
        holds the changes and `scratch/layer/lower` the project as it is.
    """
    if sys.platform != "linux":
        return frozenset()
    users = (False, True) if os.geteuid() == 0 else (True,)
    for parts in ways:
        for new_user in users:
            if _went_on(root, scratch, disk, parts, new_user=new_user):
                return frozenset(parts)
    return frozenset()


def _went_on(root: str, scratch: str, disk: int, parts: Collection[str], *, new_user: bool) -> bool:
    """Try one way in a new process: true there; false here, where it is not possible."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        _await(child, reading)
        return False
    os.close(reading)
    try:
        _separate(parts, new_user=new_user)
        if "processes" in parts:
            _stay_behind(os.fork(), writing)
        if "files" in parts:
            _cover(root, scratch, disk, parts, new_user=new_user)
    except (OSError, ImportError, AttributeError):
        os._exit(1)
    os.write(writing, b"!")
    if "processes" in parts:
        _first(os.fork(), writing)
        os.setsid()
    os.close(writing)
    return True


def _await(child: int, reading: int) -> None:
    """Wait for the process that imports, and end as it ended; return if it could not begin."""
    with open(reading, "rb") as stream:
        began = stream.read(1)
        told = stream.read() if began else b""
    _, status = os.waitpid(child, 0)
    if not began:
        return
    status = int(told) if told else status
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        with contextlib.suppress(OSError):
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.WEXITSTATUS(status))


def _stay_behind(child: int, writing: int) -> None:
    """Be the new process; the old one waits for it: it cannot be the first of the namespace."""
    if child:
        os.close(writing)  # its end says that the import is over
        os.waitpid(child, 0)
        os._exit(0)


def _first(child: int, writing: int) -> None:
    """Be the second process of the namespace.

    The first cannot be killed from within (man 7 pid_namespaces), takes in orphans, and ends all
    when the second has ended.
    """
    if not child:
        return
    waited, status = os.wait()
    while waited != child:
        waited, status = os.wait()
    os.write(writing, str(status).encode())
    os._exit(0)


def _separate(parts: Collection[str], *, new_user: bool) -> None:
    """Leave the machine's namespaces."""
    from . import system

    flags = system.NEW_USER if new_user else 0
    if "files" in parts:
        flags |= system.NEW_MOUNTS | system.NEW_IPC
    if "network" in parts:
        flags |= system.NEW_NETWORK
    if "processes" in parts:
        flags |= system.NEW_PROCESSES
    user, group = os.getuid(), os.getgid()
    system.unshare(flags)
    if new_user:
        _keep_names(user, group)
    if "network" in parts:
        _switch_on_loopback()


def _keep_names(user: int, group: int) -> None:
    """Stay the same user in the new namespace."""
    for name, words in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with open("/proc/self/" + name, "w") as stream:
            stream.write(words)


def _switch_on_loopback() -> None:
    """Switch on the loopback interface: libraries bind free ports of it on import."""
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fcntl.ioctl(handle, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP))


def _cover(root: str, scratch: str, disk: int, parts: Collection[str], *, new_user: bool) -> None:
    """Mount a layer over the project, and make everything else read-only."""
    from . import system

    if root == "/" or (scratch + "/").startswith(root + "/"):
        raise OSError("a scratch folder inside of the project would be covered")
    layer, home = scratch + "/layer", scratch + "/home"
    system.mount("", "/", "", system.RECURSIVE | system.PRIVATE)
    system.mount(scratch, scratch, "", system.BIND)
    safe = system.NO_SETUID | system.NO_DEVICES
    system.mount("tmpfs", layer, "tmpfs", safe, f"size={disk},mode=0700")
    if new_user and not _takes_marks(layer):
        system.unmount(layer)
        system.mount(layer, layer, "", system.BIND)
    for name in ("lower", "upper", "work", "home", "shm"):
        os.mkdir(layer + "/" + name, 0o700)
    os.chmod(layer + "/shm", 0o1777)  # noqa: S103  as every system has it
    _overlay(root, layer, new_user=new_user)
    system.mount(layer + "/home", home, "", system.BIND)
    writable = [scratch, layer, home, root]
    if os.path.isdir("/dev/shm"):  # noqa: S108  where semaphores are made
        system.mount(layer + "/shm", "/dev/shm", "", system.BIND)  # noqa: S108  as above
        writable.append("/dev/shm")  # noqa: S108  as above
    if "processes" in parts:
        system.mount("proc", "/proc", "proc", safe | system.NO_EXECUTION)
        writable.append("/proc")
    system.set_read_only("/", on=True, recursive=True)
    for path in writable:
        system.set_read_only(path, on=False)
    os.chdir(root)  # the folder that was left is the one below the layer


def _takes_marks(folder: str) -> bool:
    """Tell whether an overlay may mark folders there, those that are removed and made again.

    Folders in memory take the marks of users from Linux 6.6 on.
    """
    try:
        os.setxattr(folder, "user.footnotary", b"")
    except OSError:
        return False
    return True


def _overlay(root: str, layer: str, *, new_user: bool) -> None:
    """Mount the overlay; what else is mounted below the project comes back into its place.

    The names in the options are relative: a project's path may hold commas and colons.
    """
    from . import system

    status = os.stat(root)
    os.chmod(layer + "/upper", status.st_mode & 0o7777)
    with contextlib.suppress(OSError):
        os.chown(layer + "/upper", status.st_uid, status.st_gid)
    os.utime(layer + "/upper", ns=(status.st_atime_ns, status.st_mtime_ns))
    below = list(_mounted_below(root))
    system.mount(root, layer + "/lower", "", system.BIND | system.RECURSIVE)
    os.chdir(layer)
    options = "lowerdir=lower,upperdir=upper,workdir=work" + (",userxattr" if new_user else "")
    system.mount("overlay", root, "overlay", system.NO_SETUID | system.NO_DEVICES, options)
    for name in below:
        system.mount(f"{layer}/lower/{name}", f"{root}/{name}", "", system.BIND | system.RECURSIVE)


def _mounted_below(root: str) -> Iterator[str]:
    """Yield the outermost folders below the project on which something is mounted, relative."""
    with open("/proc/self/mountinfo", "rb") as stream:
        words = [line.split(b" ")[4] for line in stream]
    found = sorted({os.fsdecode(one.decode("unicode_escape").encode("latin-1")) for one in words})
    last = ""
    for path in found:
        if path.startswith(root + "/") and not (last and path.startswith(last + "/")):
            last = path
            yield path[len(root) + 1 :]


def give_up_rights() -> None:
    """Keep of root's rights those over files; without root, gain none by a program."""
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, ImportError, AttributeError):
        from . import system

        system.gain_no_privileges()
        system.keep_capabilities(_KEPT_CAPABILITIES)


def hold_to(scratch: str) -> bool:
    """Let this process write nowhere but below a folder, by Landlock; reading stays free.

    Returns:
        Whether the system has it.
    """
    if sys.platform != "linux":
        return False
    try:
        from . import system

        version = system.landlock_version()
        if version < 2:  # noqa: PLR2004  the first lets nothing be moved between folders
            return False
        file = _WRITE_FILE | (_TRUNCATE if version > 2 else 0)  # noqa: PLR2004  as man 7 landlock has it
        every = file | _MAKE_AND_REMOVE | _REFER
        ruleset = system.landlock_ruleset(
            every,
            _CONNECT if version > 3 else 0,  # noqa: PLR2004  as above
            _SCOPED if version > 5 else 0,  # noqa: PLR2004  as above
        )
        try:
            for folder in (scratch, "/dev/shm"):  # noqa: S108  where semaphores are made
                _allow(ruleset, folder, every)
            for device in (*_DEVICES, "/proc/self"):
                _allow(ruleset, device, file)
            system.landlock_restrict(ruleset)
        finally:
            os.close(ruleset)
    except (OSError, ImportError, AttributeError):
        return False
    return True


def _allow(ruleset: int, path: str, rights: int) -> None:
    from . import system

    if os.path.exists(path):
        system.landlock_allow(ruleset, path, rights)
