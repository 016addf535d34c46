"""The wrapper: talks to any server that speaks the API and relays what it says, byte for byte."""

from interhuman_stream.client.answer import Answer
from interhuman_stream.client.delivery import Delivery, DeliveryOptions, Sink
from interhuman_stream.client.errors import (
    ApiError,
    ClientError,
    ConnectionFailed,
    ConnectionLost,
    Forbidden,
    InvalidAddress,
    InvalidProxy,
    JobPending,
    MediaSupportMissing,
    MissingCredentials,
    NotJson,
    NotOpened,
    NotWritten,
    ProxyFailed,
    Redirected,
    SourceBroken,
    SourceError,
    Unauthorized,
    UnusableAnswer,
)
from interhuman_stream.client.http import HttpOptions
from interhuman_stream.client.jobs import JobClient
from interhuman_stream.client.live import LiveMessage
from interhuman_stream.client.message import Message, Progress, progress
from interhuman_stream.client.relay import FileSink, SinkClosed
from interhuman_stream.client.report import Record, Report, Session
from interhuman_stream.client.sources.segment import Segment
from interhuman_stream.client.stream import StreamClient
from interhuman_stream.client.tokens import (
    ApiKey,
    AuthClient,
    Grant,
    KeyPair,
    StaticToken,
    TokenCommand,
    TokenProvider,
)
from interhuman_stream.client.transport import StreamOptions
from interhuman_stream.client.upload import UploadClient
from interhuman_stream.client.v0 import Completed, Processing, Result, SegmentError, V0Message
from interhuman_stream.protocol.limits import STREAM_SCOPE, UPLOAD_SCOPE

__all__ = [
    "STREAM_SCOPE",
    "UPLOAD_SCOPE",
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
    "FileSink",
    "Forbidden",
    "Grant",
    "HttpOptions",
    "InvalidAddress",
    "InvalidProxy",
    "JobClient",
    "JobPending",
    "KeyPair",
    "LiveMessage",
    "MediaSupportMissing",
    "Message",
    "MissingCredentials",
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
    "progress",
]
