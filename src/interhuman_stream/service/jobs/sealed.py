"""Results as they are kept: unreadable without the job's id, of which the database has a hash alone.

A result quotes what somebody said, and words are never on the disk. Who may read it brings what opens it: a job's id is
128 random bits, and stands neither in the database nor in the log. An id seals one result, once, so that a key stream
is enough: that of SHAKE256, an extendable-output function (FIPS 202; NIST SP 800-185 has it as a cipher's key stream).
"""

from __future__ import annotations

import hashlib
import zlib
from typing import Final

NAMED: Final = b"interhuman job, by name: "
SEALED: Final = b"interhuman job, sealed: "


def name(job_id: str) -> str:
    """Under which a job is found in the database."""
    return hashlib.sha256(NAMED + job_id.encode(errors="surrogatepass")).hexdigest()


def seal(text: str, job_id: str) -> bytes:
    """Make a result unreadable for who does not have the job's id. To be done once a job."""
    return _crossed(zlib.compress(text.encode()), job_id)


def unseal(sealed: bytes, job_id: str) -> str:
    """The result that was sealed."""
    return zlib.decompress(_crossed(sealed, job_id)).decode()


def _crossed(data: bytes, job_id: str) -> bytes:
    stream = hashlib.shake_256(SEALED + job_id.encode()).digest(len(data))
    return (int.from_bytes(data, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(data), "big")
