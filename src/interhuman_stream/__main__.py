"""The program: takes secrets off its command line, where other users of the machine could read them, and runs it."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Final

from interhuman_stream.service.settings import DECLARED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SECRETS: Final = {
    "--key-secret": "INTERHUMAN_API_KEY_SECRET",
    "--api-key": "INTERHUMAN_API_KEY",
    "--token": "INTERHUMAN_TOKEN",
}
"""Options whose values are secret, and where they go instead."""
SECRET_SETTINGS: Final = {each.option: each.variable for each in DECLARED if each.about.secret}
"""The same, of the service."""
CREDENTIALS: Final = ("INTERHUMAN_API_KEY_ID", "INTERHUMAN_TOKEN_COMMAND", *SECRETS.values())
SOURCE: Final = "INTERHUMAN_SOURCE"
ADDRESS: Final = "INTERHUMAN_API_URL"
USERINFO: Final = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#\s]*@", re.IGNORECASE)
"""The beginning of a URL that holds a name, and it may be a password or a token (RFC 3986, 3.2.1)."""
POSITIONAL: Final = {"stream": SOURCE, "conformance": ADDRESS}
"""Commands whose argument may be such a URL, and where that goes instead. A server's is refused for it, unseen."""
FLAGS: Final = ("--fast", "--raw", "--quiet", "--json-logs", "--list", "--json")
"""Options of theirs that take no value: what stands behind one is an argument."""


def main() -> None:
    """Run the command line."""
    typed = sys.argv[1:]
    arguments, environment = concealed(typed, os.environ)
    # On Windows exec leaves the parent's prompt standing; and there, others cannot read a command line.
    if arguments != typed and sys.platform != "win32":
        program = sys.orig_argv[: len(sys.orig_argv) - len(typed)]
        os.execve(sys.executable, [sys.executable, *program[1:], *arguments], environment)  # noqa: S606 - ourselves, again
    try:
        # What takes long is loaded once the secrets are off.
        from interhuman_stream.cli import run  # noqa: PLC0415 - as above
    except KeyboardInterrupt:
        sys.exit(130)  # as in cli/output.py, which is not loaded yet
    run()


def concealed(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """Move secrets from the arguments of a command into its environment.

    What is typed goes before what the environment holds; so the environment's other credentials are left out.
    """
    kept: list[str] = []
    moved: dict[str, str] = {}
    left = list(arguments)
    secrets = SECRETS | SECRET_SETTINGS
    while left:
        argument = left.pop(0)
        name, equals, value = argument.partition("=")
        command = kept[0] if kept else ""
        if argument == "--":
            hidden = [each for each in left if USERINFO.match(each)][:1] if command in POSITIONAL else []
            if hidden:
                moved[POSITIONAL[command]] = hidden[0]
            kept += [argument, *(each for each in left if each not in hidden)]
            break
        if name in secrets and (equals or left):
            moved[secrets[name]] = value if equals else left.pop(0)
        elif name == "--url" and USERINFO.match(value if equals else "".join(left[:1])):
            moved[ADDRESS] = value if equals else left.pop(0)
        elif USERINFO.match(argument) and command in POSITIONAL and _stands_alone(kept[-1]):
            moved[POSITIONAL[command]] = argument
        else:
            kept.append(argument)
    typed_credential = any(name in SECRETS.values() for name in moved)
    others = CREDENTIALS if typed_credential else ()
    return kept, {**{name: value for name, value in environment.items() if name not in others}, **moved}


def _stands_alone(before: str) -> bool:
    """Whether what follows is an argument of the command, and not an option's value."""
    return before in FLAGS or not before.startswith("--") or "=" in before


if __name__ == "__main__":
    main()
