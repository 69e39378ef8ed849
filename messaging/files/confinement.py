"""A process that can do nothing any more but work out what it was given. Linux; pure.

seccomp(2) lets through only what decoding takes: memory, threads of its own, the descriptors that
are open, clocks. Whatever else is asked for (to open a file or a connection, to start a program or
another process, to end one) is refused as not permitted, whoever runs it, also within a container.
The numbers of the calls are those of the two kinds of machine that SchoolChat runs on.
"""

import contextlib
import ctypes
import os
import platform
import resource
import struct
import sys
from typing import Final

#: Owns nothing, on every Linux (and what runs within a container).
NOBODY: Final = 65_534

_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_MODE_FILTER: Final = 2
_ALLOW: Final = 0x7FFF_0000
_REFUSE: Final = 0x0005_0000  # and the number of the error
_NOT_PERMITTED: Final = 1
_NOT_THERE: Final = 38  # of clone3, whose flags no filter sees: the C library then takes clone
_KILL: Final = 0x8000_0000
#: Of the filter's language: load a word, compare, jump, answer.
_LOAD: Final = 0x20
_EQUAL: Final = 0x15
_AT_LEAST: Final = 0x35
_HAS_BITS: Final = 0x45
_ANSWER: Final = 0x06
#: Where in what the filter is shown the number, the kind of machine and the first argument stand.
_NUMBER_AT: Final = 0
_MACHINE_AT: Final = 4
_FLAGS_AT: Final = 16
_CLONE_THREAD: Final = 0x0001_0000
_OTHER_TABLE: Final = 0x4000_0000  # calls of x32, which have numbers of their own

#: Calls that are let through: read write close fstat poll lseek mmap mprotect munmap brk
#: rt_sigaction rt_sigprocmask rt_sigreturn pread64 readv writev sched_yield mremap madvise
#: nanosleep getpid exit fcntl getcwd gettimeofday sigaltstack gettid futex sched_getaffinity
#: restart_syscall clock_gettime clock_nanosleep exit_group ppoll set_robust_list getcpu getrandom
#: rseq.
_X86_64: Final = (
    0, 1, 3, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 19, 20, 24, 25, 28, 35, 39, 60, 72, 79, 96,
    131, 186, 202, 204, 219, 228, 230, 231, 271, 273, 309, 318, 334,
)  # fmt: skip
#: The same (there is no poll): getcwd fcntl close lseek read write readv writev pread64 ppoll fstat
#: exit exit_group futex set_robust_list nanosleep clock_gettime clock_nanosleep sched_getaffinity
#: sched_yield restart_syscall sigaltstack rt_sigaction rt_sigprocmask rt_sigreturn getcpu
#: gettimeofday getpid gettid brk munmap mremap mmap mprotect madvise getrandom rseq.
_AARCH64: Final = (
    17, 25, 57, 62, 63, 64, 65, 66, 67, 73, 80, 93, 94, 98, 99, 101, 113, 115, 123, 124, 128, 132,
    134, 135, 139, 168, 169, 172, 178, 214, 215, 216, 222, 226, 233, 278, 293,
)  # fmt: skip
#: By the kind of machine: its word in the filter's view, clone, clone3, and what is let through.
_MACHINES: Final = {
    "x86_64": (0xC000_003E, 56, 435, _X86_64),
    "aarch64": (0xC000_00B7, 220, 435, _AARCH64),
}


def step_back(memory_bytes: int, processor_seconds: int) -> None:
    """Take no more than this, and reach nothing but what was given."""
    take_little(memory_bytes, processor_seconds)
    become_nobody()
    confine()


def take_little(memory_bytes: int, processor_seconds: int) -> None:
    """No more memory and processor time than this, no files to write, no core dumps."""
    for limit, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, processor_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 16),
    ):
        _at_most(limit, most)


def _at_most(limit: int, most: int) -> None:
    _soft, hard = resource.getrlimit(limit)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(limit, (most, most))


def confine() -> bool:
    """Give up everything but what decoding takes, for good; what has to be imported has been.

    False where the system knows no such filter: then there are at least no more processes.
    """
    if _filtered():
        return True
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    return False


def become_nobody() -> None:
    """Whoever is root is it no longer. A container may have no other users: then we stay who we
    are, behind the filter."""
    if os.geteuid() == 0:
        with contextlib.suppress(OSError):
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)


def _filtered() -> bool:
    known = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    program = _program(*known)
    lines = ctypes.create_string_buffer(b"".join(program))
    # struct sock_fprog: how many, and where, aligned as a pointer is.
    told = struct.pack("@HxxxxxxP", len(program), ctypes.addressof(lines))
    where = ctypes.create_string_buffer(told)
    prctl = ctypes.CDLL(None).prctl
    prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    refused = prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or prctl(
        _PR_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(where), 0, 0
    )
    return not refused


def _program(machine: int, clone: int, clone3: int, allowed: tuple[int, ...]) -> list[bytes]:
    """The filter: one comparison a call, the answers where they are met."""
    lines = [
        _line(_LOAD, _MACHINE_AT),
        _line(_EQUAL, machine, met=1),
        _line(_ANSWER, _KILL),
        _line(_LOAD, _NUMBER_AT),
        _line(_AT_LEAST, _OTHER_TABLE, otherwise=1),
        _line(_ANSWER, _KILL),
    ]
    for number in allowed:
        lines += [_line(_EQUAL, number, otherwise=1), _line(_ANSWER, _ALLOW)]
    return [
        *lines,
        _line(_EQUAL, clone3, otherwise=1),
        _line(_ANSWER, _REFUSE | _NOT_THERE),
        _line(_EQUAL, clone, otherwise=3),
        _line(_LOAD, _FLAGS_AT),
        _line(_HAS_BITS, _CLONE_THREAD, otherwise=1),
        _line(_ANSWER, _ALLOW),
        _line(_ANSWER, _REFUSE | _NOT_PERMITTED),
    ]


def _line(code: int, value: int, *, met: int = 0, otherwise: int = 0) -> bytes:
    """One struct sock_filter: how many lines are skipped when it is met, and when it is not."""
    return struct.pack("<HBBI", code, met, otherwise, value)
