"""Run a command, and strike at any system call with which it, or a git that it has started, changes files.

The kernel stops the caller at such a call and asks us what is to become of it (seccomp's user notification), so nothing
of what runs is replaced. Linux only. Knows nothing of `refactor`, and judges nothing.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import platform
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

# Name, its number on x86-64 and on 64-bit ARM (0: not there), and which arguments say what is changed:
# the folder that a path starts from, and the path; without a path, an open file.
_TABLE = """
    open 2 0 - 0            openat 257 56 0 1          openat2 437 437 0 1        creat 85 0 - 0
    rename 82 0 - 0         renameat 264 38 0 1        renameat2 316 276 0 1      mkdir 83 0 - 0
    mkdirat 258 34 0 1      rmdir 84 0 - 0             unlink 87 0 - 0            unlinkat 263 35 0 1
    link 86 0 - 1           linkat 265 37 2 3          symlink 88 0 - 1           symlinkat 266 36 1 2
    chmod 90 0 - 0          fchmod 91 52 0 -           fchmodat 268 53 0 1        fchmodat2 452 452 0 1
    chown 92 0 - 0          lchown 94 0 - 0            fchown 93 55 0 -           fchownat 260 54 0 1
    truncate 76 45 - 0      ftruncate 77 46 0 -        fallocate 285 47 0 -       utimensat 280 88 0 1
    write 1 64 0 -          pwrite64 18 68 0 -         writev 20 66 0 -           pwritev 296 70 0 -
    fsync 74 82 0 -         fdatasync 75 83 0 -        copy_file_range 326 285 2 - sendfile 40 71 0 -
""".split()
_COLUMN = {"x86_64": 1, "aarch64": 2}.get(platform.machine(), 0)
_SECCOMP = {"x86_64": 317, "aarch64": 277}.get(platform.machine(), 0)
_FLAGS = {"open": 1, "openat": 2}  # which argument says whether a file is opened to be written
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

_NO_NEW_PRIVILEGES, _SET_FILTER, _NEW_LISTENER = 38, 1, 8
_ALLOW, _ASK = 0x7FFF0000, 0x7FC00000
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_SET, _RETURN = 0x20, 0x15, 0x45, 0x06
_RECEIVE, _SEND, _CONTINUE = 0xC0502100, 0xC0182101, 1
_NOTICE = struct.Struct("=QIIiIQ6Q")
_ANSWER = struct.Struct("=QqiI")
_HERE = 2**32 - 100  # AT_FDCWD, as 32 bits


@dataclass(frozen=True, slots=True)
class _Kind:
    """A system call, and where its arguments say what it changes."""

    name: str
    folder: int | None
    path: int | None


@dataclass(frozen=True, slots=True)
class Call:
    """A call that is about to be made: which one it is (the first is 1), its name and path, and whose it is."""

    number: int
    name: str
    path: str
    process: int
    leader: int
    arguments: tuple[int, ...]

    @property
    def is_of_a_child(self) -> bool:
        """Tell whether not the command itself but something that it started makes the call."""
        return self.process != self.leader


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended (less than 0: the signal that ended it), what it said, and which calls it made."""

    code: int
    out: str
    err: str
    calls: tuple[Call, ...]


# Does something when a call is about to be made; gives the number of an error in place of the call, or 0 to let it be.
Strike = Callable[[Call], int]


def kinds() -> dict[int, _Kind]:
    """The calls that may change files, by their number on this machine; none where we do not know them."""
    rows = [_TABLE[start : start + 5] for start in range(0, len(_TABLE), 5)] if _COLUMN else []
    found = {int(row[_COLUMN]): _Kind(row[0], _argument(row[3]), _argument(row[4])) for row in rows}
    return {number: kind for number, kind in found.items() if number}


def _argument(column: str) -> int | None:
    return None if column == "-" else int(column)


_KINDS = kinds()


# --- what one can strike with -------------------------------------------------------------------


def nothing(_call: Call) -> int:
    """Let every call be."""
    return 0


def kill(call: Call) -> int:
    """Kill the command and all that it has started, as a machine that loses its power does."""
    os.killpg(call.leader, signal.SIGKILL)
    return 0


def kill_the_command(call: Call) -> int:
    """Kill the command and let what it has started go on."""
    os.kill(call.leader, signal.SIGKILL)
    return 0


def kill_the_caller(call: Call) -> int:
    """Kill who makes the call: the command, or a git that it waits for."""
    os.kill(call.process, signal.SIGKILL)
    return 0


def tear(call: Call) -> int:
    """Let half of a write come to pass, then kill all."""
    if call.name == "write":
        half = _memory(call.process, call.arguments[1], call.arguments[2] // 2)
        with open(f"/proc/{call.process}/fd/{call.arguments[0]}", "r+b", buffering=0) as file:  # noqa: PTH123
            os.pwrite(file.fileno(), half, _position(call))
    return kill(call)


def refuse(error: int) -> Strike:
    """Refuse a call with an error of the system."""
    return lambda _call: error


def at(number: int, strike: Strike) -> Strike:
    """Strike at one call."""
    return lambda call: strike(call) if call.number == number else 0


def since(number: int, strike: Strike) -> Strike:
    """Strike at a call and at all that follow."""
    return lambda call: strike(call) if call.number >= number else 0


# --- running ------------------------------------------------------------------------------------


def run(
    command: Sequence[str],
    folder: Path,
    watched: Path,
    strike: Strike = nothing,
    env: Mapping[str, str] | None = None,
    *,
    reads: bool = False,
) -> Ran:
    """Run a command in a folder. Only the calls that change something in the watched folder count, and are struck at;
    with `reads` also those that open something there to read it."""
    ours, theirs = socket.socketpair()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, ours, theirs:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
            preexec_fn=lambda: _ask_us(theirs, reads=reads),  # noqa: PLW1509 - it imports nothing and takes no lock
        )
        _, (listener, *_), _, _ = socket.recv_fds(ours, 1, 1)
        try:
            calls = tuple(_supervise(listener, process.pid, watched, strike))
        finally:
            os.close(listener)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            code = process.wait()
        out.seek(0)
        err.seek(0)
        return Ran(code, out.read().decode(), err.read().decode(), calls)


def needed() -> pytest.MarkDecorator:
    """Skip where the kernel does not ask."""
    return pytest.mark.skipif(not _works(), reason="needs Linux with seccomp's user notification")


def _works() -> bool:
    if not _KINDS or sys.platform != "linux":
        return False
    try:
        return run(["true"], Path("/"), Path("/")).code == 0
    except (OSError, subprocess.SubprocessError, ValueError):
        return False


def _supervise(listener: int, leader: int, watched: Path, strike: Strike) -> Iterator[Call]:
    """Answer until nobody is left who could ask."""
    number, inside = 0, f"{os.path.realpath(watched)}/"
    for identity, process, kind, arguments in _notices(listener):
        path = _changed(process, kind, arguments)
        if not path.startswith(inside):
            _answer(listener, identity, 0)
            continue
        number += 1
        call = Call(number, kind.name, path, process, leader, arguments)
        _answer(listener, identity, strike(call))
        yield call


def _notices(listener: int) -> Iterator[tuple[int, int, _Kind, tuple[int, ...]]]:
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    while any(event & select.POLLIN for _, event in poll.poll()):
        notice = bytearray(_NOTICE.size)
        try:
            fcntl.ioctl(listener, _RECEIVE, notice)
        except FileNotFoundError:  # who asked is dead
            continue
        identity, process, _, number, _, _, *arguments = _NOTICE.unpack(notice)
        yield identity, process, _KINDS[number], tuple(arguments)


def _answer(listener: int, identity: int, error: int) -> None:
    answer = bytearray(_ANSWER.pack(identity, 0, -error, 0 if error else _CONTINUE))
    with suppress(FileNotFoundError):  # who asked is dead
        fcntl.ioctl(listener, _SEND, answer)


def _changed(process: int, kind: _Kind, arguments: tuple[int, ...]) -> str:
    """Tell what a call would change; "" if that is nothing on a disk."""
    start = _HERE if kind.folder is None else arguments[kind.folder] % 2**32
    link = f"/proc/{process}/cwd" if start == _HERE else f"/proc/{process}/fd/{start}"
    try:
        home = os.readlink(link)  # noqa: PTH115 - a pipe is no path
        if kind.path is None:
            return home if home.startswith("/") else ""
        name = os.fsdecode(_memory(process, arguments[kind.path], 4096).partition(b"\0")[0])
    except OSError:
        return ""
    path = os.path.normpath(os.path.join(home, name))  # noqa: PTH118 - nothing is resolved
    return os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))  # noqa: PTH118, PTH119, PTH120


def _memory(process: int, address: int, length: int) -> bytes:
    """Read what a process has at an address, up to the end of what it has there."""
    with open(f"/proc/{process}/mem", "rb", buffering=0) as memory:  # noqa: PTH123
        memory.seek(address)
        try:
            return memory.read(length)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
        memory.seek(address)
        return memory.read(min(length, 4096 - address % 4096))


def _position(call: Call) -> int:
    about = Path(f"/proc/{call.process}/fdinfo/{call.arguments[0]}").read_text(encoding="ascii")
    return int(about.split()[1])


# --- telling the kernel -------------------------------------------------------------------------


def _ask_us(door: socket.socket, *, reads: bool) -> None:
    """Have the kernel ask about calls of this process and its children; send what it asks through."""
    kernel = ctypes.CDLL(None, use_errno=True)
    rules = _filter(reads=reads)
    with _program(rules) as program:
        if kernel.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")
        listener = kernel.syscall(_SECCOMP, _SET_FILTER, _NEW_LISTENER, program)
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    socket.send_fds(door, [b"x"], [listener])
    os.close(listener)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("rules", ctypes.c_void_p))


@contextmanager
def _program(rules: Sequence[bytes]) -> Iterator[ctypes._CArgObject]:
    text = ctypes.create_string_buffer(b"".join(rules))
    yield ctypes.byref(_Program(len(rules), ctypes.addressof(text)))


def _filter(*, reads: bool) -> list[bytes]:
    """A program for the kernel: ask about our calls; unless `reads` matter, not about files opened to be read."""
    opening = {number: _FLAGS[kind.name] for number, kind in _KINDS.items() if kind.name in _FLAGS and not reads}
    others = sorted(_KINDS.keys() - opening.keys())
    rules = [_rule(_LOAD, 0)]
    for number, argument in opening.items():  # else the next three rules are jumped over
        rules += [_rule(_JUMP_IF_EQUAL, number, otherwise=4), _rule(_LOAD, 16 + 8 * argument)]
        rules += [_rule(_JUMP_IF_SET, _WRITES, otherwise=1), _rule(_RETURN, _ASK), _rule(_RETURN, _ALLOW)]
    rules += [_rule(_JUMP_IF_EQUAL, number, then=len(others) - place) for place, number in enumerate(others)]
    return [*rules, _rule(_RETURN, _ALLOW), _rule(_RETURN, _ASK)]


def _rule(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)
