"""What the service can be told: one declaration a setting, from which its option, its variable and its docs are made.

A setting is a field of ``Settings``, declared by ``setting``. Nothing else needs to change for a new one: the option of
`serve`, the environment's name, the key of the settings file and the page docs/settings.md follow from it.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, get_type_hints

from interhuman_stream.faults import Fault

T = TypeVar("T")
ABOUT: Final = "about"
ORIGIN: Final = re.compile(r"\*|null|[A-Za-z][A-Za-z0-9+.-]*://[^/?#@\s,]+")
ENVIRONMENT_PREFIX: Final = "INTERHUMAN_"


class SettingError(Fault, ValueError):
    """A setting cannot be used: its ``name``, and in words what is wrong and what would do."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name} {problem}")
        self.name = name
        self.problem = problem


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a setting beside its name, type and default.

    Attributes:
        help: One sentence, with the unit.
        panel: The heading under which it is listed.
        least: The smallest value, where it is a number.
        most: The largest value.
        unset: What its default None stands for.
        secret: Whether its value is shown to nobody.
    """

    help: str
    panel: str
    least: float | None = None
    most: float | None = None
    unset: str = ""
    secret: bool = False


def setting(
    default: T,
    help: str,  # noqa: A002 - what it is called wherever options are declared
    *,
    panel: str,
    least: float | None = None,
    most: float | None = None,
    unset: str = "",
    secret: bool = False,
) -> T:
    """Declare a setting; see ``About``. Its type is the field's annotation.

    That is one of str, int, float, bool, Path, a Literal of strings, any of them or None, or ``tuple[str, ...]``: an
    array in a file, and values with commas between them elsewhere.
    """
    metadata = {ABOUT: About(help, panel, least, most, unset, secret)}
    return field(default=default, metadata=metadata, repr=not secret)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one service.

    Raises:
        SettingError: A value is out of its bounds, or two do not fit together.
    """

    data_dir: Path = setting(
        Path("interhuman-data"), "Where the database is kept; made if it is not there.", panel="Service"
    )
    database_url: str | None = setting(
        None,
        "Of a PostgreSQL that is used instead, as postgresql://USER:PASSWORD@HOST/DATABASE.",
        panel="Service",
        unset="a SQLite file in the data directory",
        secret=True,
    )
    audit_days: int = setting(90, "Days that the audit log of credentials is kept.", panel="Service", least=1)
    host: str = setting("127.0.0.1", "Address to listen on.", panel="Network")
    port: int = setting(8000, "Port to listen on; 0 for any free one.", panel="Network", least=0, most=65535)
    tls_cert: Path | None = setting(
        None, "Certificate for HTTPS, with those between it and its root (PEM).", panel="Network", unset="plain HTTP"
    )
    tls_key: Path | None = setting(
        None, "The certificate's private key (PEM).", panel="Network", unset="in the certificate's file"
    )
    tls_key_password: str | None = setting(
        None, "Password of the private key.", panel="Network", unset="it needs none", secret=True
    )
    hsts_seconds: int = setting(
        365 * 86400,
        "Seconds for which browsers keep to HTTPS once they came by it; 0 to not ask.",
        panel="Network",
        least=0,
    )
    allow_origins: tuple[str, ...] = setting(
        (),
        "Origins whose pages may use the service from a browser, such as `https://app.example.com`; `*` for all. "
        "Its own page always may.",
        panel="Network",
    )
    page_tokens: bool = setting(
        True,
        "Whether the service's page gets a token by itself, on this machine where nobody else is listened to, and "
        "elsewhere by the address that `serve` prints; without it, the page asks for a key.",
        panel="Network",
    )
    forwarded_allow_ips: tuple[str, ...] = setting(
        (),
        "Proxies, by address or network, whose X-Forwarded-For and X-Forwarded-Proto are believed, such as `127.0.0.1` "
        "for one on this machine; `*` for whoever connects.",
        panel="Network",
    )
    metrics_token: str | None = setting(
        None,
        "What Prometheus must send as its bearer token for /metrics.",
        panel="Observation",
        unset="it is open",
        secret=True,
    )
    log_format: Literal["console", "json"] = setting(
        "console", "How a line of the log looks: for people, or one JSON object.", panel="Observation"
    )
    log_level: Literal["debug", "info", "warning", "error"] = setting(
        "info", "The least that is logged.", panel="Observation"
    )
    otlp_endpoint: str | None = setting(
        None,
        "Where OpenTelemetry traces go, by OTLP over HTTP, such as `http://127.0.0.1:4318`.",
        panel="Observation",
        unset="OTEL_EXPORTER_OTLP_ENDPOINT, or no traces",
    )
    workers: int | None = setting(None, "Worker processes.", panel="Engine", least=1, unset="one a core")
    models_dir: Path | None = setting(
        None, "Where the model files are.", panel="Engine", unset="where `models pull` puts them"
    )
    segment_limit_seconds: float = setting(
        30.0, "Seconds of CPU time that one segment may take.", panel="Engine", least=1
    )
    file_limit_seconds: float = setting(
        600.0, "Seconds of CPU time that an uploaded file may take.", panel="Engine", least=1
    )
    worker_memory_bytes: int = setting(
        5 * 1024**3, "Bytes of address space of one worker.", panel="Engine", least=2 * 1024**3
    )
    queued_segments: int = setting(
        4, "Segments of one stream that may wait before its socket is no longer read.", panel="Limits", least=1
    )
    queued_bytes: int = setting(
        64 * 1024 * 1024,
        "Bytes of one stream that may wait before its socket is no longer read.",
        panel="Limits",
        least=1,
    )
    held_jobs: int = setting(64, "Upload jobs that may wait or run at once, others get 503.", panel="Limits", least=0)
    held_job_bytes: int = setting(
        256 * 1024 * 1024, "Bytes of video that they may hold in memory in all.", panel="Limits", least=0
    )
    max_sessions: int | None = setting(
        None,
        "Streams and uploads open at once, others get 503.",
        panel="Limits",
        least=1,
        unset="as many as the machine is measured to carry",
    )
    key_sessions: int | None = setting(
        None, "Streams and uploads that one key may have open at once.", panel="Limits", least=0, unset="no limit"
    )
    key_bytes_per_hour: int | None = setting(
        None, "Bytes of video that one key may send in an hour.", panel="Limits", least=0, unset="no limit"
    )
    key_video_seconds_per_hour: float | None = setting(
        None, "Seconds of video that one key may have analysed in an hour.", panel="Limits", least=0, unset="no limit"
    )
    wrong_credentials: int = setting(
        60, "Different wrong credentials an address may give in a minute, others get 429.", panel="Limits", least=1
    )
    idle_seconds: float = setting(
        300.0, "Seconds without a frame after which a stream that waits for one is ended.", panel="Limits", least=0
    )
    session_seconds: float = setting(
        3600.0, "Seconds after which a stream takes no more segments.", panel="Limits", least=0
    )
    drain_seconds: float = setting(
        30.0,
        "Seconds that streams have to finish what they sent, once the service is to stop.",
        panel="Limits",
        least=0,
    )

    def __post_init__(self) -> None:
        for each in DECLARED:
            each.check(getattr(self, each.name))
        if self.tls_cert is None and self.tls_key is not None:
            raise SettingError("tls_key", "is given without tls_cert; give both, or neither.")
        for origin in self.allow_origins:
            if not ORIGIN.fullmatch(origin):
                raise SettingError(
                    "allow_origins",
                    f"has {origin!r}, which is no origin; give scheme and host, such as https://app.example.com.",
                )
        for proxy in self.forwarded_allow_ips:
            if not _is_network(proxy):
                raise SettingError(
                    "forwarded_allow_ips",
                    f"has {proxy!r}, which is no address and no network; give such as 127.0.0.1 or 10.0.0.0/8.",
                )


@dataclass(frozen=True, slots=True)
class Declared:
    """A setting as it was declared. ``type`` is that of its values, without the None that stands for "not set"."""

    name: str
    type: Any
    default: Any
    about: About

    @property
    def option(self) -> str:
        """Its name on the command line."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return f"{ENVIRONMENT_PREFIX}{self.name.upper()}"

    @property
    def shown_default(self) -> str:
        """Its default, for people."""
        if self.default is None:
            return self.about.unset
        return ",".join(self.default) or "none" if isinstance(self.default, tuple) else str(self.default)

    def check(self, value: object) -> None:
        """See that a number is within its bounds.

        Raises:
            SettingError: It is not.
        """
        if not isinstance(value, int | float):
            return
        least, most = self.about.least, self.about.most
        if least is not None and not value >= least:
            raise SettingError(self.name, f"is {value}, and must be at least {least}.")
        if most is not None and not value <= most:
            raise SettingError(self.name, f"is {value}, and must be at most {most}.")


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return text == "*"
    return True


def _declared() -> tuple[Declared, ...]:
    types = get_type_hints(Settings)
    return tuple(
        Declared(each.name, _without_none(types[each.name]), each.default, each.metadata[ABOUT])
        for each in fields(Settings)
    )


def _without_none(annotation: Any) -> Any:
    kinds = [kind for kind in getattr(annotation, "__args__", ()) if kind is not type(None)]
    return kinds[0] if type(None) in getattr(annotation, "__args__", ()) else annotation


DECLARED: Final = _declared()
"""Every setting, in the order of their declaration."""
