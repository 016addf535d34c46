"""HTTPS by the service itself: its certificate, and how it is exchanged for a new one while the service runs."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import structlog

from interhuman_stream.service.settings import SettingError

if TYPE_CHECKING:
    from interhuman_stream.service.settings import Settings

log = structlog.get_logger()


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """Load the certificate; None where there is none to load. TLS 1.2 is the oldest that is spoken (RFC 8996).

    Raises:
        SettingError: The files are not there, or are no certificate and its key.
    """
    if settings.tls_cert is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    _load(context, settings)
    return context


def renew(context: ssl.SSLContext, settings: Settings) -> None:
    """Load the certificate again, for connections to come; where it cannot be used, the one in use stays."""
    try:
        tls_context(settings)  # tried on another first: a failure halfway would leave this one with no key
        _load(context, settings)
    except SettingError as error:
        log.error("certificate not renewed", reason=str(error))  # noqa: TRY400 - the reason says it all
    else:
        log.info("certificate renewed")


def _load(context: ssl.SSLContext, settings: Settings) -> None:
    cert, key = settings.tls_cert, settings.tls_key
    assert cert is not None  # noqa: S101 - asked before
    try:
        # Without a password OpenSSL would ask for one on the terminal.
        context.load_cert_chain(cert, key, password=lambda: settings.tls_key_password or "")
    except ssl.SSLError as error:
        files = f"{cert} and {key}" if key else str(cert)
        problem = f"cannot be used: {files} are no certificate and its private key in PEM, or the key's password"
        raise SettingError("tls_cert", f"{problem} (tls_key_password) is missing or wrong ({error}).") from error
    except OSError as error:
        raise SettingError(
            "tls_cert", f"cannot be read: {error.strerror} ({cert}, {key or 'and no tls_key'})."
        ) from error
