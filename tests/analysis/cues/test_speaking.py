"""Whose voice it is: what somebody else says is never the stance of who is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from interhuman_stream.analysis.cues.speaking import Whose, listen
from interhuman_stream.analysis.judge import judge
from interhuman_stream.analysis.perception.tracks import INDEX, Span, Tracks
from interhuman_stream.signals import Modality, Probability, SignalType
from tests.analysis.tracks import NEUTRAL, face, find_cues, say, speak, tracks, voice

if TYPE_CHECKING:
    from interhuman_stream.analysis.perception.tracks import FaceTrack
    from interhuman_stream.findings import Cue


def talk(track: FaceTrack, start: float = 0.0, end: float = 5.0, opening: float = 0.1) -> None:
    """Let the jaw open and close three times a second."""
    inside = (track.time >= start) & (track.time < end)
    wave = opening * (1 + np.sin(2 * np.pi * 3 * track.time[inside]))
    track.shapes[inside, INDEX["jawOpen"]] = wave


def live(track: FaceTrack) -> None:
    """Let all of the face but what articulates move a little, slowly, as that of who speaks does."""
    phases = np.arange(track.shapes.shape[1])
    sway = 0.035 * (1 + np.sin(2 * np.pi * 0.5 * track.time[:, None] + phases))
    sway[:, [INDEX["jawOpen"], INDEX["mouthPucker"]]] = 0.0
    track.shapes[:] += sway


def conversation(track: FaceTrack) -> Tracks:
    """A talk of four seconds beside a face."""
    sound = voice()
    return tracks(
        track, sound, (speak(sound, 0.3, 4.3),), say("Yes, I totally agree. Um, I am absolutely certain.", 0.4)
    )


def heard(track: FaceTrack) -> list[Cue]:
    return [cue for cue in find_cues(conversation(track), NEUTRAL) if cue.modality is Modality.AUDIO]


def names(track: FaceTrack) -> set[str]:
    return {cue.name for cue in find_cues(conversation(track), NEUTRAL)}


def test_what_is_heard_beside_a_closed_mouth_is_not_said_by_it() -> None:
    assert not heard(face())
    assert "speaks" not in names(face())


def test_a_mouth_that_moves_with_the_voice_says_what_is_heard() -> None:
    track = face()
    live(track)
    talk(track, 0.2, 4.2, opening=0.02)
    assert {"speaks", "says_agreement", "says_assurance", "filled_pause", "fluent_speech"} <= names(track)
    assert all(cue.quality == pytest.approx(1.0) for cue in heard(track))


def test_a_mouth_that_speaks_apart_from_the_voice_does_not_say_what_is_heard() -> None:
    track, sound = face(8.0), voice(8.0)
    for pause in (0.0, 2.0, 4.0, 6.0):  # it moves more in the pauses than where the other speaks
        talk(track, pause, pause + 1.0)
        talk(track, pause + 1.0, pause + 2.0, opening=0.03)
    spoken = tuple(speak(sound, at, at + 1.0) for at in (1.0, 3.0, 5.0, 7.0))
    words = (*say("Yes, I agree.", 1.1), *say("I am absolutely certain.", 5.1))
    both = tracks(track, sound, spoken, words, now=8.0)
    found = find_cues(both, NEUTRAL)
    assert not [cue for cue in found if cue.modality is Modality.AUDIO]
    assert "speaks" in {cue.name for cue in found}  # that it does is seen
    whose = listen(both)
    assert whose is not None
    assert set(whose.whose.tolist()) <= {Whose.APART, Whose.ANOTHERS}


def test_a_grimace_under_a_voice_does_not_speak() -> None:
    track = face()
    slow = 0.5 * (1 + np.sin(2 * np.pi * 0.3 * track.time))
    track.shapes[:, INDEX["jawOpen"]] = slow
    assert not heard(track)


@pytest.mark.parametrize("why", ["turned", "small", "dark", "lost"])
def test_a_mouth_that_is_not_seen_leaves_it_open_and_weighs_less(why: str) -> None:
    track = face()
    if why == "turned":
        track.pose[:, 1] = 60
    elif why == "small":
        track.width[:] = 38
    elif why == "dark":
        track.light[:] = 12
    else:
        for values in (track.pose, track.gaze, track.shapes):
            values[5:] = np.nan
        track.width[5:] = np.nan
        talk(track, 5.0)
    found = heard(track)
    assert {"says_agreement", "says_assurance"} <= {cue.name for cue in found}
    assert all(cue.quality < 0.7 for cue in found)
    assert all(cue.phrase.endswith("(the mouth was not seen)") for cue in found)


def test_without_any_face_nobody_is_mistaken_for_who_speaks() -> None:
    track = face()
    for values in (track.pose, track.gaze, track.shapes, track.width):
        values[:] = np.nan
    assert {"says_agreement", "says_assurance"} <= names(track)
    assert all(cue.quality == pytest.approx(0.85) for cue in heard(track))


def test_a_question_of_anothers_is_told_from_the_answer() -> None:
    track, sound = face(10.0), voice(10.0)
    talk(track, 5.0, 9.0)
    spoken = (speak(sound, 0.5, 4.0), speak(sound, 5.0, 9.0))
    words = (*say("Exactly, I totally agree with all of it.", 0.6), *say("No, I don't think so.", 5.1))
    both = tracks(track, sound, spoken, words, now=10.0)
    said = {cue.name for cue in find_cues(both, NEUTRAL)}
    assert "says_disagreement" in said
    assert "says_agreement" not in said
    whose = listen(both)
    assert whose is not None
    assert set(whose.within(1.0, 3.5).tolist()) == {Whose.ANOTHERS}
    assert set(whose.within(5.2, 8.8).tolist()) == {Whose.OWN}


def test_a_short_answer_is_ones_own_where_the_mouth_opens_with_it() -> None:
    track, sound = face(), voice()
    inside = (track.time >= 2.0) & (track.time < 2.5)
    track.shapes[inside, INDEX["jawOpen"]] = 0.15
    yes = tracks(track, sound, (speak(sound, 2.0, 2.5),), say("Yes.", 2.0, 0.5))
    assert "says_agreement" in {cue.name for cue in find_cues(yes, NEUTRAL)}


@pytest.mark.parametrize("word", ["Yeah.", "Yes.", "Right."])
def test_a_lone_yes_of_the_person_seen_agrees_but_never_more_than_low(word: str) -> None:
    track, sound = face(), voice()
    track.shapes[20:25, INDEX["jawOpen"]] = 0.15
    yes = tracks(track, sound, (speak(sound, 2.0, 2.5),), say(word, 2.0, 0.5))
    (found,) = [each for each in judge(yes, NEUTRAL, Span(0.0, 5.0)).signals if each.type is SignalType.AGREEMENT]
    assert found.probability is Probability.LOW


def test_a_lone_yeah_heard_beside_a_still_mouth_or_without_one_is_no_agreement() -> None:
    sound = voice()
    yes = (speak(sound, 2.0, 2.5),), say("Yeah.", 2.0, 0.5)
    assert not judge(tracks(face(), sound, *yes), NEUTRAL, Span(0.0, 5.0)).signals
    assert not judge(tracks(None, sound, *yes), NEUTRAL, Span(0.0, 5.0)).signals


def test_a_mouth_that_talks_on_around_a_short_answer_does_not_give_it() -> None:
    track, sound = face(), voice()
    talk(track, 0.0, 5.0)
    track.shapes[20:32, INDEX["jawOpen"]] += 0.1  # it is open wider with it, by chance
    yes = tracks(track, sound, (speak(sound, 2.0, 3.2),), say("Yes, I agree.", 2.0))
    assert not [cue for cue in find_cues(yes, NEUTRAL) if cue.modality is Modality.AUDIO]


def test_a_mouth_that_gapes_while_a_phrase_is_heard_does_not_answer() -> None:
    track, sound = face(), voice()
    track.shapes[20:27, INDEX["jawOpen"]] = 0.9
    track.shapes[30:34, INDEX["jawOpen"]] = 0.3
    spoken = (speak(sound, 2.0, 3.5),), say("Yes, I agree.", 2.0)
    assert not [cue for cue in find_cues(tracks(track, sound, *spoken), NEUTRAL) if cue.modality is Modality.AUDIO]
    track.shapes[22:26, INDEX["jawOpen"]] = 0.2
    assert "says_agreement" in {cue.name for cue in find_cues(tracks(track, sound, *spoken), NEUTRAL)}


def test_a_mouth_that_was_seen_to_speak_unheard_gives_none_of_the_voices_short_answers() -> None:
    track, sound = face(12.0), voice(12.0)
    for pause in (0.0, 2.0, 4.0, 6.0):
        talk(track, pause, pause + 1.0)
        talk(track, pause + 1.0, pause + 2.0, opening=0.03)
    track.shapes[100:105, INDEX["jawOpen"]] = 0.15
    spoken = tuple(speak(sound, at, at + 1.0) for at in (1.0, 3.0, 5.0, 7.0))
    answer, yes = speak(sound, 10.0, 10.5), say("Yes.", 10.0, 0.5)
    alone = tracks(track.since(9.0), sound, (answer,), yes, now=12.0)
    assert "says_agreement" in {cue.name for cue in find_cues(alone, NEUTRAL)}
    after = tracks(track, sound, (*spoken, answer), yes, now=12.0)
    assert not [cue for cue in find_cues(after, NEUTRAL) if cue.modality is Modality.AUDIO]


def test_a_photo_whose_mouth_flickers_in_the_noise_does_not_speak() -> None:
    track, random = face(8.0), np.random.default_rng(1)
    track.shapes[:, INDEX["jawOpen"]] = 0.25 + random.normal(0, 0.04, len(track.time))
    assert "speaks" in {cue.name for cue in find_cues(tracks(track, now=8.0), NEUTRAL)}
    track.pose[:] = random.normal(0, 0.3, track.pose.shape)
    assert "speaks" not in {cue.name for cue in find_cues(tracks(track, now=8.0), NEUTRAL)}


def test_a_photo_that_is_waved_about_does_not_speak() -> None:
    track, random = face(8.0), np.random.default_rng(1)
    track.pose[:, 1] += 8 * np.sin(2 * np.pi * 0.7 * track.time)
    track.shapes[:] += random.normal(0, 0.012, track.shapes.shape)
    talk(track, 0.0, 8.0, opening=0.02)
    assert "speaks" not in {cue.name for cue in find_cues(tracks(track, now=8.0), NEUTRAL)}
    live(track)
    assert "speaks" in {cue.name for cue in find_cues(tracks(track, now=8.0), NEUTRAL)}


def test_an_um_outside_all_speech_is_not_of_a_mouth_that_is_seen() -> None:
    sound, um = voice(), say("Um", 0.0)
    still = find_cues(tracks(face(), sound, (), um), NEUTRAL)
    assert "filled_pause" not in {cue.name for cue in still}
    beside = tracks(face(), sound, (speak(sound, 0.4, 4.4),), um)  # nor of a still mouth beside another's talk
    assert "filled_pause" not in {cue.name for cue in find_cues(beside, NEUTRAL)}
    track = face()
    talk(track, 0.3, 4.3)
    own = tracks(track, sound, (speak(sound, 0.4, 4.4),), um)
    assert "filled_pause" in {cue.name for cue in find_cues(own, NEUTRAL)}
    unseen = face()
    unseen.width[:] = 20
    (cue,) = find_cues(tracks(unseen, voice(), (), um), NEUTRAL)
    assert cue.phrase.endswith("(the mouth was not seen)")


def test_a_mouth_talks_without_a_sound_track_and_needs_to_move_more() -> None:
    track = face()
    talk(track, 1.0, 4.0)
    (cue,) = [cue for cue in find_cues(tracks(track), NEUTRAL) if cue.name == "speaks"]
    assert (cue.start, cue.end) == pytest.approx((1.0, 4.0), abs=0.7)
    assert cue.modality is Modality.VIDEO
    track = face()
    talk(track, opening=0.01)
    assert "speaks" not in {cue.name for cue in find_cues(tracks(track), NEUTRAL)}
