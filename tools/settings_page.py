"""Prints docs/settings.md, from the settings as they are declared. See `make settings`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interhuman_stream.service.configuration import expectation
from interhuman_stream.service.settings import DECLARED

if TYPE_CHECKING:
    from interhuman_stream.service.settings import Declared

HEAD = """# Settings of the service

Made by `make settings` from the declarations in `src/interhuman_stream/service/settings.py`.

Each setting can be given as an option of `serve`, as a variable in the environment, or by its name in a TOML file that
`--config` or `INTERHUMAN_CONFIG` names. An option goes before the environment, that before the file, and that before
the default. `interhuman-stream serve --show-config` prints what counts, where each value comes from, and no secrets;
what it prints is itself a settings file.

In a file, a list is an array and a path counts from where the file is. Elsewhere a list has commas between its values.
"""


def main() -> None:
    """Print the page."""
    print(HEAD)
    for panel in dict.fromkeys(each.about.panel for each in DECLARED):
        print(f"## {panel}\n\n| name in a file | option, variable | what it is | values | default |")
        print("|---|---|---|---|---|")
        for each in DECLARED:
            if each.about.panel == panel:
                print(row(each))
        print()


def row(each: Declared) -> str:
    """Describe a setting in a row of the table."""
    help_ = each.about.help + (" It is never shown." if each.about.secret else "")
    default = each.shown_default if each.default in (None, ()) else f"`{each.shown_default}`"
    cells = (f"`{each.name}`", f"`{each.option}` `{each.variable}`", help_, values(each), default)
    return f"| {' | '.join(cells)} |"


def values(each: Declared) -> str:
    """Say what values a setting takes, with their bounds."""
    least, most = (None if bound is None else str(bound) for bound in (each.about.least, each.about.most))
    bounds = f", {least} to {most}" if least and most else f", at least {least}" if least else ""
    return expectation(each) + bounds


if __name__ == "__main__":
    main()
