"""The host: turns, answers, and what is left of what is given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from interhuman_stream.engine.host import Failed, Found, Host, Piece, Seen, Turn
from interhuman_stream.engine.resume import Resume
from interhuman_stream.findings import Spent
from interhuman_stream.terms import Terms
from tests.engine.fake_session import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interhuman_stream.engine.host import Answer, Work

STEP = b"0.25 0.25"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def host(world: World) -> Host:
    """A host with two sessions, which are told apart by their headers."""
    host = Host(world.begin, world.now)
    host.open(1, Resume(b"one", 10.0))
    host.open(2, Resume(b"two"))
    return host


def put(host: Host, number: int, data: bytes, *, session: int = 1, work: Work = "steps", seconds: float = 30.0) -> None:
    host.put(Piece(number, session, data, work, seconds))


def said(host: Host) -> Iterator[Answer | Seen]:
    """All that is said until there is no work."""
    while host.turn().piece is not None:
        what = host.step()
        if what:
            yield what


def answers(host: Host) -> Iterator[Answer]:
    """All that is answered until then."""
    return (each for each in said(host) if not isinstance(each, Seen))


def test_pieces_of_a_session_are_answered_in_order_and_its_time_runs_on(host: Host) -> None:
    for number in range(1, 4):
        put(host, number, b"3 " + STEP)
    said = list(answers(host))
    assert [answer.piece for answer in said] == [1, 2, 3]
    assert [answer.resume for answer in said] == [Resume(b"one", 13.0), Resume(b"one", 16.0), Resume(b"one", 19.0)]
    assert host.turn() == Turn(None)
    assert host.step() is None


def test_what_a_piece_took_is_what_its_own_steps_took(host: Host) -> None:
    put(host, 1, b"4 0.25 0.5")
    put(host, 2, b"4 0.125 0.125", session=2)
    spent = {
        answer.piece: answer.findings.spent for answer in answers(host) if isinstance(answer, Found) and answer.findings
    }
    assert (spent[1].wall, spent[1].cpu) == (1.0, 2.0)
    assert (spent[2].wall, spent[2].cpu) == (0.5, 0.5)


def test_a_live_piece_does_not_wait_for_a_long_one(host: Host, world: World) -> None:
    put(host, 1, b"60 " + STEP)
    for _ in range(10):
        host.step()
    put(host, 2, b"5 " + STEP, session=2)
    assert next(answers(host)).piece == 2
    assert world.steps.count(b"one") == 10
    assert [answer.piece for answer in answers(host)] == [1]


def test_two_who_always_have_work_share(host: Host, world: World) -> None:
    put(host, 1, b"100 " + STEP, seconds=600)
    put(host, 2, b"100 1.0 1.0", session=2, seconds=600)
    while len(world.steps) < 60:
        host.step()
    assert 3 <= world.steps.count(b"one") / world.steps.count(b"two") <= 5


@pytest.mark.parametrize(
    ("data", "why", "message"),
    [(b"malformed", "malformed", "damaged"), (b"container", "container", "no video"), (b"defect", "else", "a defect")],
)
def test_a_fault_costs_its_piece_alone(host: Host, world: World, data: bytes, why: str, message: str) -> None:
    for number, each in enumerate((b"2 " + STEP, data, b"2 " + STEP), 1):
        put(host, number, each)
    first, failed, last = answers(host)
    assert isinstance(failed, Failed)
    assert (failed.why, failed.ending) == (why, False)
    assert message in failed.message
    assert failed.resume == first.resume
    assert last.resume.position == first.resume.position + 2
    # After a defect nobody knows what the session holds: it is begun anew where it stood.
    assert world.begun == [Resume(b"one", 10.0), *([Resume(b"one", 12.0)] if why == "else" else [])]


def test_want_of_memory_ends_the_process(host: Host) -> None:
    put(host, 1, b"memory")
    (failed,) = answers(host)
    assert isinstance(failed, Failed)
    assert (failed.why, failed.ending) == ("memory", True)


@pytest.mark.parametrize(("data", "why"), [(b"99 4.0 0.0", "time"), (b"99 3.0 1.0", "cpu")])
def test_a_piece_that_takes_more_than_it_may_is_given_up(host: Host, world: World, data: bytes, why: str) -> None:
    put(host, 1, data, seconds=10)
    put(host, 2, b"2 " + STEP)
    failed, after = answers(host)
    assert isinstance(failed, Failed)
    assert (failed.piece, failed.why, failed.ending) == (1, why, False)
    assert len(world.steps) == 11 + 2
    assert world.abandoned == len(world.closed) == 1
    assert isinstance(after, Found)
    assert after.resume.position == failed.resume.position + 2  # the session's time runs on


def test_bytes_that_nobody_asks_about_are_taken_in(host: Host) -> None:
    put(host, 1, b"2 " + STEP, work="take")
    put(host, 2, b"2 " + STEP)
    taken, found = answers(host)
    assert isinstance(taken, Found)
    assert taken.findings is None
    assert isinstance(found, Found)
    assert found.findings
    assert (found.findings.start, found.findings.end) == (12.0, 14.0)


def test_a_session_that_is_closed_is_gone_at_once(host: Host, world: World) -> None:
    put(host, 1, b"600 " + STEP)
    put(host, 2, b"600 " + STEP)
    put(host, 3, b"2 " + STEP, session=2)
    host.step()
    host.close(1)
    assert world.abandoned == 1
    assert world.closed == [b"one"]
    assert [answer.piece for answer in answers(host)] == [3]
    host.close(1)
    host.close(7)  # never opened: its stream has sent nothing


def test_a_cancelled_piece_is_not_answered_and_its_session_goes_on(host: Host, world: World) -> None:
    put(host, 1, b"600 " + STEP)
    put(host, 2, b"600 " + STEP)
    put(host, 3, b"2 " + STEP)
    host.step()
    host.cancel(1, 2)
    assert world.abandoned == 0
    host.cancel(1, 1)
    assert world.abandoned == 1
    assert world.begun == [Resume(b"one", 10.0)]
    assert [answer.piece for answer in answers(host)] == [3]
    assert world.begun[1:] == [Resume(b"one", 11.0)]
    host.cancel(1, 3)  # answered long since
    host.cancel(7, 1)


def test_the_last_piece_of_a_session_can_be_cancelled(host: Host) -> None:
    put(host, 1, b"600 " + STEP)
    host.step()
    host.cancel(1, 1)
    assert host.turn() == Turn(None)
    put(host, 2, b"1 " + STEP)
    assert [answer.piece for answer in answers(host)] == [2]


def test_a_turn_says_what_a_successor_needs_first(host: Host) -> None:
    put(host, 1, b"2 " + STEP)
    assert host.turn() == Turn(1, Resume(b"one", 10.0))
    host.step()
    assert host.turn() == Turn(1, Resume(b"one", 11.0))


def test_a_watched_piece_tells_each_stretch_as_soon_as_it_has_come(host: Host) -> None:
    put(host, 1, b"7 " + STEP, work="watch")
    put(host, 2, b"2 " + STEP, session=2)
    put(host, 3, b"", work="rest")
    told = list(said(host))
    mine = [each for each in told if each.piece != 2]
    assert [type(each) for each in mine] == [Seen, Seen, Seen, Found, Seen, Found]
    assert told.index(next(each for each in told if each.piece == 2)) < told.index(mine[3])  # others had their turns
    seen = [each.findings for each in mine if isinstance(each, Seen)]
    assert [(each.start, each.end) for each in seen] == [(11.0, 12.0), (13.0, 14.0), (15.0, 16.0), (17.0, 18.0)]
    assert [each.spent for each in seen] == [Spent(0.5, 0.5), Spent(0.5, 0.5), Spent(0.5, 0.5), Spent()]
    assert all(each.findings is None for each in mine if isinstance(each, Found))


def test_a_session_is_begun_on_its_terms_also_anew(world: World) -> None:
    host, terms = Host(world.begin, world.now), Terms(every=0.5)
    host.open(1, Resume(), terms)
    put(host, 1, b"defect")
    put(host, 2, b"1 " + STEP)
    assert len(list(answers(host))) == 2
    assert world.terms == [terms, terms]
