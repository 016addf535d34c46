"""Where the log goes and how its lines look; what libraries warn of among them."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Literal, TypeAlias

import structlog

if TYPE_CHECKING:
    from structlog.typing import Processor

Format: TypeAlias = Literal["console", "json"]
Level: TypeAlias = Literal["debug", "info", "warning", "error"]


def log_to_stderr(level: Level = "info", form: Format = "console") -> None:
    """One line an event from ``level`` on, on stderr: no media, no words, no secrets ever reach it."""
    least = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    shown = _json() if form == "json" else [_console()]
    structlog.configure(
        processors=[*shared, *shown],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # What libraries say in passing names clients and addresses, and at its lowest level shows headers and frames as
    # they come: whatever level is asked for, and whatever level a library sets for itself, that stays out.
    others = max(least, logging.WARNING)
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(others)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shown],
        )
    )
    logging.basicConfig(level=others, handlers=[handler], force=True)


def _json() -> list[Processor]:
    return [
        # The trace as text: the other renderers show each frame's variables, among them secrets and people's media.
        structlog.processors.format_exc_info,
        structlog.processors.EventRenamer("message"),
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
    ]


def _console() -> Processor:
    # A plain trace, for the same reason.
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
