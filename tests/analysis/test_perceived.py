"""What there was to go by: nothing reported is told from nothing perceived."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from interhuman_stream.analysis.cues import find_cues, listen
from interhuman_stream.analysis.perceived import added, perceived
from interhuman_stream.analysis.perception.tracks import Foreign, Span, Tracks
from interhuman_stream.findings import Limit, Limited, Perceived
from tests.analysis.cues.test_speaking import talk
from tests.analysis.tracks import NEUTRAL, face, say, show, speak, tracks, voice


def there(seen: Tracks, start: float = 0.0, end: float = 5.0) -> Perceived:
    voices = listen(seen)
    return perceived(seen, voices, find_cues(seen, NEUTRAL, voices), Span(start, end))


def test_a_person_who_speaks_is_perceived_whole() -> None:
    track, sound = face(), voice()
    talk(track, 0.9, 4.1)
    found = there(tracks(track, sound, (speak(sound, 1.0, 4.0),), say("I am here and say this.", 1.1)))
    assert found.face == pytest.approx(5.0, abs=0.2)
    assert found.speaking == pytest.approx(3.2, abs=1.2)  # to a swing or two before and after
    assert found.voice == pytest.approx(3.0)
    assert found.words == len(["I", "am", "here", "and", "say", "this"])
    assert found.limits == ()


@pytest.mark.parametrize("why", [Limit.DARK, Limit.BRIGHT, Limit.SMALL, Limit.TURNED, Limit.NO_FACE, Limit.COVERED])
def test_what_of_a_face_cannot_be_read_is_said(why: Limit) -> None:
    track = face()
    if why is Limit.DARK:
        track.light[20:] = 5
    elif why is Limit.BRIGHT:
        track.light[20:] = 250
    elif why is Limit.SMALL:
        track.width[20:] = 30
    elif why is Limit.TURNED:
        track.pose[20:, 1] = 60
    else:
        for values in (track.pose, track.gaze, track.shapes, track.width):
            values[20:] = np.nan
        track.vacant[20:] = 0.1 if why is Limit.COVERED else np.nan
    found = there(tracks(track, voice()))
    assert [limit.why for limit in found.limits] == [why]
    assert found.limits[0].start == pytest.approx(2.0, abs=0.15)
    assert found.limits[0].end == pytest.approx(5.0, abs=0.15)
    assert why.sentence


def test_a_picture_that_stands_still_shows_nothing_that_somebody_does_and_that_is_said() -> None:
    track = face(8.0)
    show(track, 1.0, 8.0, 0.7, "mouthSmileLeft", "mouthSmileRight")
    for values in (track.pose, track.gaze, track.shapes):
        values[30:] = values[30]
    seen = tracks(track, voice(8.0), now=8.0)
    found = {cue.name: cue for cue in find_cues(seen, NEUTRAL, listen(seen))}
    assert found["attention"].end == pytest.approx(3.0, abs=0.3)
    assert found["smile"].end == pytest.approx(3.0, abs=0.3)
    (limit,) = there(seen, end=8.0).limits
    assert limit.why is Limit.FROZEN
    assert (limit.start, limit.end) == pytest.approx((3.1, 8.0), abs=0.2)


def test_a_face_turned_aside_when_the_picture_stops_is_not_turned_away_from_then_on() -> None:
    track = face(8.0)
    track.pose[28:, 1] += 40
    for values in (track.pose, track.gaze, track.shapes):
        values[30:] = values[30]
    seen = tracks(track, voice(8.0), now=8.0)
    assert "face_away" not in {cue.name for cue in find_cues(seen, NEUTRAL, listen(seen))}


def test_a_sound_that_ends_a_moment_after_the_picture_does_not_lack_one() -> None:
    seen = tracks(face(5.0), voice(5.1), now=5.1)
    assert not there(seen, 5.0, 5.1).limits
    assert [limit.why for limit in there(tracks(face(3.0), voice(5.1), now=5.1), 5.0, 5.1).limits] == [Limit.NO_PICTURE]


def test_a_face_that_the_pictures_edge_cuts_in_half_is_not_read_and_that_is_said() -> None:
    track = face()
    talk(track)
    track.box[:] = (-0.25, 0.2, 0.25, 0.8)
    seen = tracks(track, voice())
    assert [limit.why for limit in there(seen).limits] == [Limit.COVERED]
    assert find_cues(seen, NEUTRAL, listen(seen)) == []
    track.box[:] = (-0.02, 0.2, 0.48, 0.8)  # a close-up
    assert there(seen).limits == ()


def test_a_face_out_of_focus_is_not_read_and_that_is_said() -> None:
    track = face()
    talk(track)
    assert find_cues(tracks(track, voice()), NEUTRAL, None)
    track.detail[:] = 0.1
    seen = tracks(track, voice())
    assert [limit.why for limit in there(seen).limits] == [Limit.BLURRED]
    assert not [cue for cue in find_cues(seen, NEUTRAL, listen(seen)) if cue.name != "speaking"]


def test_a_face_that_is_half_covered_is_not_read_and_that_is_said() -> None:
    track = face()
    talk(track)
    track.shown[:] = 0.05
    seen = tracks(track, voice())
    assert [limit.why for limit in there(seen).limits] == [Limit.COVERED]
    assert find_cues(seen, NEUTRAL, listen(seen)) == []


def test_a_voice_that_is_anothers_is_said_and_its_words_do_not_count() -> None:
    sound = voice()
    found = there(tracks(face(), sound, (speak(sound, 1.0, 4.0),), say("Yes, I totally agree.", 1.1)))
    assert found.voice == pytest.approx(3.0)
    assert (found.speaking, found.words) == (0.0, 0)
    assert [limit.why for limit in found.limits] == [Limit.ANOTHERS_VOICE]


def test_where_the_face_was_last_and_which_way_it_looked() -> None:
    track = face()
    track.gaze[-1] = (3.0, -12.0)
    look = there(tracks(track, voice())).look
    assert look is not None
    assert look.box == (0.4, 0.3, 0.6, 0.7)
    assert look.gaze == (3.0, -12.0)
    track.width[-1] = np.nan
    assert there(tracks(track, voice())).look is None
    assert added([Perceived(look=look), Perceived()]).look is None


def test_no_picture_and_no_sound_are_said() -> None:
    found = there(Tracks(5.0, None, None, (), ()))
    assert [limit.why for limit in found.limits] == [Limit.NO_PICTURE, Limit.NO_SOUND]
    assert (found.face, found.voice) == (0.0, 0.0)


def test_stretches_add_up_and_a_limit_that_goes_on_is_one() -> None:
    first = Perceived(2.0, 1.0, 3.0, 4, None, (Limited(Limit.DARK, 3.0, 5.0),))
    second = Perceived(5.0, 0.5, 1.0, 1, "de", (Limited(Limit.DARK, 5.0, 7.0), Limited(Limit.SMALL, 9.0, 10.0)))
    assert added([first, second]) == Perceived(
        7.0, 1.5, 4.0, 5, "de", (Limited(Limit.DARK, 3.0, 7.0), Limited(Limit.SMALL, 9.0, 10.0))
    )
    assert added([]) == Perceived()


def test_another_language_is_said_with_its_name_where_it_was_spoken() -> None:
    seen = replace(tracks(face(), voice()), foreign=(Foreign(Span(1.0, 4.0), "de"),))
    found = there(seen, 0.0, 3.0)
    assert found.language == "de"
    assert Limited(Limit.FOREIGN_WORDS, 1.0, 3.0) in found.limits
    after = there(seen, 4.0, 5.0)
    assert after.language is None
    assert Limit.FOREIGN_WORDS not in {each.why for each in after.limits}
