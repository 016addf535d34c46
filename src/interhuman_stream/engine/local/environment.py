"""What of this process's environment a worker gets: what its libraries must know to run, and no secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

PASSED: Final = frozenset(
    {
        # Where the system's and Python's own parts are, without which neither starts.
        "DYLD_LIBRARY_PATH",
        "LD_LIBRARY_PATH",
        "PYTHONHOME",
        "SYSTEMROOT",
        # Of text and time.
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "TZ",
        # By which the command that fetches models is told shortly.
        "HOME",
    }
)


def clean(environment: Mapping[str, str]) -> dict[str, str]:
    """What is passed on of an environment: passwords, keys and headers are often in the rest."""
    return {name: value for name, value in environment.items() if name in PASSED}
