"""The only module that says how much of the machine a worker may have."""

import sys
from pathlib import Path

if sys.platform != "win32":
    import resource


def stay_small(extra: int) -> None:
    """A file that asks for endless memory gets none; it would be the server's, too."""
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + extra
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def stay_short(seconds: int) -> None:
    """So much of a processor, and then the system ends this process."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
