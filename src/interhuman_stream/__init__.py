"""Live talking-face video in, social signals out: client, engine and service for the Interhuman streaming API.

What most programs need is here, and is loaded when it is first used: ``import interhuman_stream`` itself loads next to
nothing. The client's names work after ``pip install interhuman-stream``; ``analyze``, ``AnalysisSession`` and
``load_models`` are the engine and need ``pip install 'interhuman-stream[engine]'``.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from interhuman_stream.analysis.perception.models import load_models
    from interhuman_stream.analysis.session import AnalysisSession
    from interhuman_stream.client import (
        STREAM_SCOPE,
        UPLOAD_SCOPE,
        Answer,
        ApiError,
        ApiKey,
        AuthClient,
        ClientError,
        Completed,
        ConnectionFailed,
        ConnectionLost,
        Delivery,
        DeliveryOptions,
        FileSink,
        Forbidden,
        Grant,
        HttpOptions,
        InvalidAddress,
        InvalidProxy,
        JobClient,
        JobPending,
        KeyPair,
        LiveMessage,
        MediaSupportMissing,
        Message,
        MissingCredentials,
        NotJson,
        NotOpened,
        NotWritten,
        Processing,
        Progress,
        ProxyFailed,
        Record,
        Redirected,
        Report,
        Result,
        Segment,
        SegmentError,
        Session,
        Sink,
        SinkClosed,
        SourceBroken,
        SourceError,
        StaticToken,
        StreamClient,
        StreamOptions,
        TokenCommand,
        TokenProvider,
        Unauthorized,
        UnusableAnswer,
        UploadClient,
        V0Message,
        progress,
    )
    from interhuman_stream.faults import Fault, MalformedSegment, ModelMissing
    from interhuman_stream.findings import Findings

__version__ = "0.1.0"
__all__ = [
    "STREAM_SCOPE",
    "UPLOAD_SCOPE",
    "AnalysisSession",
    "Answer",
    "ApiError",
    "ApiKey",
    "AuthClient",
    "ClientError",
    "Completed",
    "ConnectionFailed",
    "ConnectionLost",
    "Delivery",
    "DeliveryOptions",
    "Fault",
    "FileSink",
    "Findings",
    "Forbidden",
    "Grant",
    "HttpOptions",
    "InvalidAddress",
    "InvalidProxy",
    "JobClient",
    "JobPending",
    "KeyPair",
    "LiveMessage",
    "MalformedSegment",
    "MediaSupportMissing",
    "Message",
    "MissingCredentials",
    "ModelMissing",
    "NotJson",
    "NotOpened",
    "NotWritten",
    "Processing",
    "Progress",
    "ProxyFailed",
    "Record",
    "Redirected",
    "Report",
    "Result",
    "Segment",
    "SegmentError",
    "Session",
    "Sink",
    "SinkClosed",
    "SourceBroken",
    "SourceError",
    "StaticToken",
    "StreamClient",
    "StreamOptions",
    "TokenCommand",
    "TokenProvider",
    "Unauthorized",
    "UnusableAnswer",
    "UploadClient",
    "V0Message",
    "__version__",
    "analyze",
    "load_models",
    "progress",
]

_ELSEWHERE: Final = {
    "AnalysisSession": "analysis.session",
    "load_models": "analysis.perception.models",
    "Fault": "faults",
    "MalformedSegment": "faults",
    "ModelMissing": "faults",
    "Findings": "findings",
}
"""Where each name comes from; the others are the client's."""


def analyze(path: str | Path, models_dir: str | Path | None = None) -> Findings:
    """Analyse a whole file with the engine alone: no network, nothing written.

    Args:
        path: A video file, in any of the containers the API takes.
        models_dir: The folder of the model files; None takes the usual ones (see ``interhuman-stream models``).

    Returns:
        What was found; times are seconds from the file's start.

    Raises:
        MalformedSegment: The file holds no video that decodes.
        ModelMissing: A model file is not there; the message says what fetches it.
        OSError: The file cannot be read.
        ImportError: The engine's packages are not installed; the message says what installs them.
    """
    load, start = _engine("load_models"), _engine("AnalysisSession")
    from interhuman_stream.analysis.media.excess import OWN  # noqa: PLC0415 - the engine's, which is there now
    from interhuman_stream.analysis.session import result  # noqa: PLC0415

    data = Path(path).read_bytes()
    session: AnalysisSession = start(load(None if models_dir is None else Path(models_dir)), bounds=OWN)
    with session:
        return result(session.whole(data))


def __getattr__(name: str) -> Any:
    """Load what is asked for by name (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _ELSEWHERE.get(name, "client")
    value = _engine(name) if home.startswith("analysis.") else getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value  # the next time it is there
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _engine(name: str) -> Any:
    """Load something of the engine.

    Raises:
        ImportError: Its packages are not installed.
    """
    try:
        return getattr(import_module(f"{__name__}.{_ELSEWHERE[name]}"), name)
    except ModuleNotFoundError as error:
        if (error.name or __name__).partition(".")[0] == __name__:
            raise  # no package is missing, but something of ours
        raise ImportError(
            f"the engine needs {error.name}, which is not installed: pip install 'interhuman-stream[engine]'",
            name=error.name,
        ) from None
