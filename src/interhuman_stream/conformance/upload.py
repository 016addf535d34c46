"""Checks of `POST /v0/upload/analyze` and its v1: a whole file in one request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from interhuman_stream.conformance.check import AN_ANALYSIS, MANY_BYTES, Check
from interhuman_stream.conformance.errors import NOISE
from interhuman_stream.conformance.exchange import refusal, request, upload
from interhuman_stream.conformance.messages import (
    engagement_states,
    later_signals,
    quality_sections,
    signals_of,
    well_formed,
)
from interhuman_stream.conformance.target import Failed, Skipped
from interhuman_stream.protocol import errors
from interhuman_stream.protocol.limits import INCLUDES, LARGEST_UPLOAD, SMALLEST_UPLOAD
from interhuman_stream.protocol.paths import UPLOAD_V0

if TYPE_CHECKING:
    from interhuman_stream.conformance.target import Target

PICTURE: Final = b"\x89PNG\r\n\x1a\n" + NOISE
"""What begins like a picture is in none of the containers."""
HOLLOW: Final = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + (8 + len(NOISE)).to_bytes(4, "big") + b"mdat" + NOISE
"""An MP4 without its index, which nothing can read."""
NONSENSE: Final = "nonsense"
NO_SUCH_ADDRESS: Final = 404


async def _v0(target: Target) -> None:
    body = await _analysed(target)
    well_formed(signals_of(body), target.clip.seconds)


async def _more_fields(target: Target) -> None:
    await _analysed(target, a_field_of_another_time="1")


async def _v1(target: Target) -> None:
    body = await _analysed(target, version="v1")
    signals = signals_of(body)
    well_formed(signals, target.clip.seconds)
    later_signals(signals)
    for signal in signals:
        if not isinstance(signal.get("modality"), list):
            raise Failed("an array under 'modality' in each signal", f"{signal.get('modality')!r}")
    engagement_states(body)


async def _v1_include(target: Target) -> None:
    quality_sections(await _analysed(target, version="v1", **{"include[]": list(INCLUDES)}))


async def _no_credential(target: Target) -> None:
    refusal(await upload(target, target.clip.data, token=None), 401, error_id=errors.CREDENTIAL_MISSING.id)


async def _invalid_token(target: Target) -> None:
    answer = await upload(target, target.clip.data, token=NONSENSE)
    refusal(answer, 401, error_id=errors.CREDENTIAL_INVALID.id)


async def _scope_missing(target: Target) -> None:
    target.key_pair()
    answer = await upload(target, target.clip.data, token=target.stream_token())
    refusal(answer, 403, error_id=errors.SCOPE_MISSING.id)


async def _no_file(target: Target) -> None:
    # httpx writes a form of several parts only where there is a file: this one stands under another name.
    files = {"another": ("note.txt", b"no video", "text/plain")}
    answer = await request(target.url + UPLOAD_V0, token=target.upload_token(), files=files)
    refusal(answer, 400, error_id=errors.FILE_MISSING.id)


async def _too_small(target: Target) -> None:
    data = target.clip.data[: SMALLEST_UPLOAD // 2]
    refusal(await upload(target, data, token=target.upload_token()), 400, 422)


async def _too_large(target: Target) -> None:
    data = target.clip.data.ljust(LARGEST_UPLOAD + 1, b"\0")
    answer = await upload(target, data, token=target.upload_token())
    refusal(answer, 413, error_id=errors.FILE_TOO_LARGE.id)


async def _wrong_container(target: Target) -> None:
    answer = await upload(target, PICTURE, token=target.upload_token())
    refusal(answer, 400, error_id=errors.CONTAINER_UNSUPPORTED.id)


async def _unreadable(target: Target) -> None:
    answer = await upload(target, HOLLOW, token=target.upload_token())
    refusal(answer, 422, error_id=errors.UNREADABLE.id)


async def _analysed(target: Target, version: str = "v0", **fields: Any) -> dict[str, Any]:
    """Upload the clip and give the answer."""
    answer = await upload(target, target.clip.data, token=target.upload_token(), version=version, **fields)
    if version != "v0" and answer.status == NO_SUCH_ADDRESS:
        raise Skipped(f"the server has no {version}")
    if answer.status != 200:  # noqa: PLR2004 - HTTP's own number
        raise Failed("status 200", f"status {answer.status}")
    return answer.json()


CHECKS: Final = (
    Check(
        "upload-v0",
        "upload",
        "POST /v0/upload/analyze answers with signals of type, start and end, in seconds from the file's start.",
        _v0,
        AN_ANALYSIS,
    ),
    Check("upload-more-fields", "upload", "Unknown fields of the form are ignored.", _more_fields, AN_ANALYSIS),
    Check(
        "upload-v1",
        "upload",
        "POST /v1/upload/analyze adds probability, rationale and modality to each signal, and engagement_state.",
        _v1,
        AN_ANALYSIS,
    ),
    Check(
        "upload-v1-include",
        "upload",
        "POST /v1/upload/analyze adds conversation_quality when include[] asks for it.",
        _v1_include,
        AN_ANALYSIS,
    ),
    Check(
        "upload-no-credential", "upload", "An upload without a credential is refused with 401 ih2001.", _no_credential
    ),
    Check(
        "upload-invalid-token", "upload", "An upload with an invalid token is refused with 401 ih2002.", _invalid_token
    ),
    Check(
        "upload-scope-missing",
        "upload",
        "An upload with a token without the scope interhumanai.upload is refused with 403 ih2003.",
        _scope_missing,
    ),
    Check("upload-no-file", "upload", "A form without the field file is refused with 400 ih4001.", _no_file),
    Check("upload-too-small", "upload", "A file under 10 KB is refused with 400 or 422.", _too_small),
    Check("upload-too-large", "upload", "A file over 32 MB is refused with 413 ih4003.", _too_large, MANY_BYTES),
    Check(
        "upload-wrong-container",
        "upload",
        "A file in a container that is none of the seven is refused with 400 ih4002.",
        _wrong_container,
    ),
    Check(
        "upload-unreadable", "upload", "A file that cannot be read as video is refused with 422 ih5002.", _unreadable
    ),
)
