"""What every route of one service shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from interhuman_stream.engine.pool import Engine
    from interhuman_stream.service.metrics import Metrics
    from interhuman_stream.service.sessions import Sessions
    from interhuman_stream.service.settings import Settings
    from interhuman_stream.service.store import Store


@dataclass(frozen=True, slots=True)
class Service:
    """One service: how it was set, who analyses, who may use it, the open streams, and the key that signs tokens."""

    settings: Settings
    engine: Engine
    store: Store
    sessions: Sessions
    metrics: Metrics
    signing: bytes = field(repr=False)


def service_of(connection: HTTPConnection) -> Service:
    """The service that a request or a socket has come to."""
    service: Service = connection.app.state.service
    return service
