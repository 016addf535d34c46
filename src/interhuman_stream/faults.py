"""What can go wrong while a segment is analysed.

AnalysisError
 ├── MalformedSegment   the bytes hold no media that can be decoded
 │    └── UnknownContainer   and begin no container that is known
 └── ModelMissing       a model file is not where it should be
"""


class AnalysisError(Exception):
    """Base of everything the analysis raises on purpose."""


class MalformedSegment(AnalysisError):  # noqa: N818 - the wire's own word for it (ih5004)
    """The bytes of a segment hold nothing that decodes; the session goes on with the next one."""


class UnknownContainer(MalformedSegment):
    """The bytes begin no container that is known and continue none."""


class ModelMissing(AnalysisError):  # noqa: N818 - says what is missing, reads as the sentence it carries
    """A model file is absent or is not the file it should be; the message says which, and what fetches it."""
