"""What somebody who has taken a worker over may say is believed no further than it could be true."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from interhuman_stream.engine.host import Failed, Found, Seen, Turn
from interhuman_stream.engine.local.ledger import Ledger
from interhuman_stream.engine.local.messages import Ready, Unfit, decode_reply, encode
from interhuman_stream.engine.local.validation import LONGEST_MESSAGE, fault, plain
from interhuman_stream.engine.resume import Resume
from interhuman_stream.findings import Cue, Findings, Limit, Limited, Look, Note, Perceived, Spent, Stage, Word
from interhuman_stream.signals import (
    ConversationQuality,
    EngagementSpan,
    EngagementState,
    Modality,
    Observation,
    Probability,
    Signal,
    SignalType,
)

if TYPE_CHECKING:
    from interhuman_stream.engine.local.messages import Reply

INF, NAN = math.inf, math.nan
SEEN = Observation("nodded 3 times", 11.0, 12.0, Modality.VIDEO, "nod")
SIGNAL = Signal(SignalType.AGREEMENT, 11.0, 12.0, Probability.HIGH, (SEEN,))
HONEST = Findings(
    10.0,
    15.0,
    (SIGNAL,),
    (EngagementSpan(10.0, 15.0, EngagementState.ENGAGED),),
    ConversationQuality(),
    True,
    True,
    Perceived(5.0, 1.0, 1.0, 3, "en", (Limited(Limit.DARK, 10.0, 11.0),)),
    notices={Note.LATE: 1},
    stages={"media": Stage(0.0, 0.5)},
    spent=Spent(1.0, 0.9),
)
LOOKS = (
    Look((0.0, 0.0, NAN, 1.0), (0.0, 0.0, 0.0), (0.0, 0.0)),
    Look((0.0, 0.0, 1e9, 1.0), (0.0, 0.0, 0.0), (0.0, 0.0)),
    Look((0.0, 0.0, 1.0, 1.0), (0.0, INF, 0.0), (0.0, 0.0)),
    Look((0.0, 0.0, 1.0, 1.0), (0.0, 0.0, 0.0), (0.0, 1e4)),
)
AT = Resume(b"header", 15.0)


def carried(reply: Reply) -> Reply:
    """It, through the pipe."""
    return decode_reply(encode(reply))


def test_what_a_worker_of_ours_says_passes() -> None:
    for reply in (
        *(Ready(["a jail"], 0.17), Unfit("model", "missing\nmodel"), Turn(None), Turn(3, AT)),
        *(Found(3, AT, HONEST), Found(3, AT, None), Seen(3, HONEST), Failed(3, AT, "else", "Traceback\n  é")),
    ):
        assert fault(carried(reply)) is None


@pytest.mark.parametrize(
    "lie",
    [
        *({"start": 0.0, "end": end} for end in (INF, NAN, 1e300, -1.0, 1e8)),
        *({"start": start} for start in (NAN, -INF, -1.0, 16.0)),
        *({"spent": spent} for spent in (Spent(-INF, 0.0), Spent(NAN, NAN), Spent(1e300, 0.0), Spent(0.0, -1.0))),
        *({"quality": ConversationQuality(energy=energy)} for energy in (NAN, INF, -1.0, 101.0)),
        *({"signals": (replace(SIGNAL, start=start),)} for start in (NAN, -1e9, 13.0)),
        *({"signals": (replace(SIGNAL, end=end),)} for end in (NAN, INF, 1e6)),
        {"signals": (SIGNAL,) * 20_001},
        {"signals": (replace(SIGNAL, because=()),)},
        {"signals": (replace(SIGNAL, because=(SEEN,) * 17),)},
        *(
            {"signals": (replace(SIGNAL, because=(replace(SEEN, phrase=it),)),)}
            for it in ("", "x" * 501, "\x1b[2J", "a\nb")
        ),
        {"signals": (replace(SIGNAL, because=(replace(SEEN, cue="c" * 501),)),)},
        {"signals": (replace(SIGNAL, because=(replace(SEEN, start=NAN),)),)},
        {"engagement": (EngagementSpan(INF, INF, EngagementState.ENGAGED),)},
        {"engagement": HONEST.engagement * 20_001},
        *({"perceived": Perceived(face=face)} for face in (NAN, -1.0, INF)),
        *({"perceived": Perceived(words=words)} for words in (-1, 2**60)),
        *({"perceived": Perceived(language=language)} for language in ("", "e" * 99, "\x1b[")),
        *({"perceived": Perceived(look=look)} for look in LOOKS),
        {"perceived": Perceived(limits=(Limited(Limit.DARK, 12.0, 11.0),))},
        *({"notices": {Note.LATE: count}} for count in (-1, 2**60)),
        *({"stages": {name: Stage(0.0)}} for name in ("", "x" * 41, "a\nb")),
        *({"stages": {"media": stage}} for stage in (Stage(NAN), Stage(0.0, -1.0), Stage(0.0, INF))),
        {"stages": {f"s{number}": Stage(0.0) for number in range(33)}},
        {"cues": (Cue("nod", 11.0, 12.0, 1.0, "nodded", Modality.VIDEO),)},
        {"words": (Word("secret", 11.0, 12.0, 1.0, "secret"),)},
    ],
    ids=lambda lie: str(lie)[:60],
)
def test_impossible_findings_are_told(lie: dict[str, Any]) -> None:
    found = replace(HONEST, **lie)
    assert fault(carried(Found(3, Resume(b"", 1e9), found)))
    assert fault(carried(Seen(3, found)))


@pytest.mark.parametrize(
    "reply",
    [
        *(Ready([], cost) for cost in (0.0, -1.0, INF, NAN, 1e300)),
        Ready(["x"] * 33, 0.2),
        Ready(["x\x1b[2J"], 0.2),
        Found(3, AT, replace(HONEST, end=1000.0)),  # beyond where its stream stands
        Turn(3, Resume(b"", 1e10)),
        Failed(3, AT, "else", "x" * (LONGEST_MESSAGE + 1)),
        Failed(3, AT, "malformed", "\x1b]0;owned\x07"),
        Unfit("else", "\x9b31m"),
    ],
    ids=lambda reply: str(reply)[:60],
)
def test_impossible_replies_are_told(reply: Reply) -> None:
    assert fault(carried(reply))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        pickle.dumps(HONEST),
        encode(HONEST),
        encode(["Found", 3]),
        encode({"type": "Nothing"}),
        encode({"type": "Ready", "unconfined": "a jail", "cost": 1}),
        encode({"type": "Ready", "unconfined": [], "cost": "0.2"}),
        encode({"type": "Turn", "piece": "3"}),
        encode({"type": "Turn", "piece": 3, "resume": {"position": NAN}}),
        encode({"type": "Turn", "piece": 3, "resume": {"header": bytes(2 * 1024 * 1024)}}),
        encode({"type": "Failed", "piece": 3, "resume": {}, "why": "because"}),
        encode(Turn(3))[:-1],
        encode(Turn(3)) + b"\0",
        b"\x91" * 100_000,
    ],
    ids=lambda data: str(data)[:40],
)
def test_what_is_no_reply_is_no_reply(data: bytes) -> None:
    with pytest.raises((msgspec.DecodeError, RecursionError)):
        decode_reply(data)


def test_a_message_is_said_in_one_piece_and_harmless() -> None:
    assert plain("a\x1b[2J\nb\u2028\x9b\ud800é") == "a\\x1b[2J\nb\\u2028\\x9b\\ud800é"
    assert len(plain("x" * 100_000)) == LONGEST_MESSAGE


def ledger(*pieces: tuple[int, int]) -> Ledger:
    """Of a worker that is ready and was given these pieces, each a number and its session's."""
    owed = Ledger()
    assert owed.hear(Ready([], 0.2)) is None
    for number, session in pieces:
        owed.ask(number, session)
    return owed


def test_a_worker_may_answer_what_it_is_at() -> None:
    owed = ledger((1, 1), (2, 2), (3, 1))
    said: list[Reply] = [Turn(None), Turn(2), Turn(1), Seen(1, HONEST), Turn(1), Found(1, AT, HONEST), Turn(3)]
    for reply in (*said, Failed(3, AT, "else"), Turn(2), Found(2, AT, None), Turn(None)):
        assert owed.hear(reply) is None


@pytest.mark.parametrize(
    "said",
    [
        [Ready([], 0.2)],
        [Unfit("else", "")],
        [Found(1, AT, HONEST)],  # not in its turn: so nobody knows what it took
        [Turn(1), Found(2, AT, HONEST)],
        [Turn(1), Found(1, AT, HONEST), Found(1, AT, HONEST)],
        [Turn(1), Found(1, AT, HONEST), Turn(1)],
        [Turn(1), Turn(None), Seen(1, HONEST)],
        [Turn(3)],  # before an earlier one of its stream
        [Turn(4)],  # never asked for
        [Turn(-1)],
    ],
    ids=str,
)
def test_it_may_not_answer_anything_else(said: list[Reply]) -> None:
    owed = ledger((1, 1), (2, 2), (3, 1))
    assert all(owed.hear(reply) is None for reply in said[:-1])
    assert owed.hear(said[-1])


def test_it_says_nothing_before_it_is_ready() -> None:
    for reply in (Turn(None), Turn(1), Found(1, AT, None), Failed(1, AT, "else")):
        assert Ledger().hear(reply)


def test_what_was_given_up_may_still_be_answered_until_it_has_heard_of_that() -> None:
    owed = ledger((1, 1), (2, 2))
    owed.give_up(1)
    owed.give_up(1)
    owed.ask(3, 2)
    assert owed.hear(Turn(1)) is None
    assert owed.hear(Found(1, AT, HONEST)) is None
    assert owed.hear(Turn(1))
    owed = ledger((1, 1), (2, 2))
    owed.give_up(1)
    owed.ask(3, 3)
    assert owed.hear(Turn(3)) is None  # asked for after it was told
    assert owed.hear(Turn(1))
