"""Each cue is found where it is, and not where it only looks like it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from interhuman_stream.analysis.perception.tracks import INDEX
from tests.analysis.tracks import NEUTRAL, face, find_cues, say, show, speak, swing, tracks, voice

if TYPE_CHECKING:
    from interhuman_stream.findings import Cue

BROWS_UP = ("browInnerUp", "browOuterUpLeft", "browOuterUpRight")


def found(name: str, *args: object, **kwargs: object) -> list[Cue]:
    return [cue for cue in find_cues(tracks(*args, **kwargs), NEUTRAL) if cue.name == name]  # type: ignore[arg-type] # passed on


def test_a_still_face_gives_attention_alone() -> None:
    cues = find_cues(tracks(face()), NEUTRAL)
    assert [cue.name for cue in cues] == ["attention"]
    assert (cues[0].start, cues[0].end) == pytest.approx((0, 5), abs=0.1)


@pytest.mark.parametrize("hertz", [0.6, 1.0, 2.0, 3.0])
@pytest.mark.parametrize(("name", "axis", "degrees"), [("nod", 0, 13), ("shake", 1, 26)])
def test_nods_and_shakes_are_found_from_slow_to_quick(name: str, axis: int, degrees: float, hertz: float) -> None:
    track = face(8.0)
    swing(track, axis, 2.0, 2.0 + max(1.5, 2 / hertz), hertz, degrees)
    (cue,) = found(name, track, now=8.0)
    assert cue.start == pytest.approx(2.0, abs=0.25)
    assert cue.strength > 0.4
    assert not found("shake" if name == "nod" else "nod", track, now=8.0)


@pytest.mark.parametrize(("name", "axis", "degrees", "hertz"), [("nod", 0, 8, 4.0), ("shake", 1, 14, 3.5)])
def test_a_quick_head_goes_less_far_and_is_seen_all_the_same(
    name: str, axis: int, degrees: float, hertz: float
) -> None:
    track = face(8.0)
    track.time[1::2] -= 0.02  # as ten of 25 pictures a second come
    swing(track, axis, 3.0, 3.9, hertz, degrees)
    (cue,) = found(name, track, now=8.0)
    assert (cue.start, cue.end) == pytest.approx((3.0, 3.9), abs=0.2)


@pytest.mark.parametrize(("name", "axis", "degrees"), [("nod", 0, 13), ("shake", 1, 26)])
def test_a_gesture_does_not_begin_with_the_drift_before_it(name: str, axis: int, degrees: float) -> None:
    track = face(8.0)
    track.pose[:, axis] += 2 * np.cos(2 * np.pi * 0.1 * track.time)
    swing(track, axis, 3.0, 4.5, 2.0, degrees)
    (cue,) = found(name, track, now=8.0)
    assert cue.start == pytest.approx(3.0, abs=0.25)


def test_a_shake_begins_with_its_first_half_swing_even_after_a_look_away() -> None:
    track = face(8.0)
    track.pose[:20, 1] = -35
    swing(track, 1, 3.0, 6.0, 0.9, 24)
    (cue,) = found("shake", track, now=8.0)
    assert cue.start == pytest.approx(3.0, abs=0.25)


def test_eyes_that_stay_closed_do_not_blink_often() -> None:
    track = face()
    closed = (track.time >= 1.0) & (track.time < 3.5)
    track.shapes[closed] = 0.57 + 0.02 * (np.arange(int(closed.sum()))[:, None] % 2)
    track.aperture[closed] = 0.04
    assert found("eyes_closed", track)  # this face's `eyeBlink` goes no higher
    assert not found("frequent_blinks", track)


def test_brows_are_seen_to_move_a_little_where_landmarks_and_blendshapes_agree() -> None:
    for name, height, shapes in (
        ("brow_lower", 0.92, ("browDownLeft", "browDownRight")),
        ("brow_raise", 1.3, BROWS_UP),
    ):
        track = face()
        track.brow[20:35] *= height
        assert not found(name, track)
        show(track, 2.0, 3.5, 0.24, *shapes)
        (cue,) = found(name, track)
        assert (cue.start, cue.end) == pytest.approx((2.0, 3.5), abs=0.1)


def test_a_lowered_chin_is_no_smile() -> None:
    track = face()
    show(track, 2.0, 3.0, 0.5, "mouthSmileLeft", "mouthSmileRight")
    assert found("smile", track)
    track.pose[20:30, 0] = -14
    assert not found("smile", track)


def test_one_bow_and_one_turn_are_no_nod_and_no_shake() -> None:
    track = face()
    inside = (track.time > 2) & (track.time < 3)
    track.pose[inside, 0] -= 12
    track.pose[inside, 1] += 15
    assert not found("nod", track)
    assert not found("shake", track)


@pytest.mark.parametrize("rest", [1.0, 2.0])
def test_beats_with_rests_between_are_no_nod(rest: float) -> None:
    track = face(12.0)
    level = -12.0
    for start in np.arange(2.0, 10.0, rest + 0.3):
        track.pose[(track.time > start), 0] = level
        level = -level if level else -12.0
    track.pose[:, 0] += 6
    assert not found("nod", track, now=12.0)


def test_an_idle_head_does_not_nod() -> None:
    rng = np.random.default_rng(4)
    for _ in range(20):
        track = face()
        drift = np.cumsum(rng.normal(0, 0.5, (len(track.time), 3)), axis=0)
        track.pose[:] += np.clip(drift, -3, 3)
        assert not found("nod", track)
        assert not found("shake", track)


def test_a_nod_while_speaking_is_told_from_a_listeners() -> None:
    track, sound = face(), voice()
    swing(track, 0, 1.0, 3.0, 1.5, 12)
    spoken = speak(sound, 0.5, 3.5)
    assert found("nod", track, sound, (spoken,))  # somebody else's voice: this mouth is still
    track.shapes[:, INDEX["jawOpen"]] = 0.2 + 0.2 * np.sin(2 * np.pi * 3 * track.time)
    assert found("speech_nod", track, sound, (spoken,))
    assert not found("nod", track, sound, (spoken,))


def test_a_speakers_single_beat_is_no_nod() -> None:
    track, sound = face(), voice()
    for start, end, before, after in ((1.0, 1.4, 0, 5), (1.4, 1.8, 5, -8), (1.8, 2.4, -8, 0)):
        inside = (track.time >= start) & (track.time < end)
        track.pose[inside, 0] += np.linspace(before, after, inside.sum())  # into position, the stroke, and back
    assert found("nod", track)
    spoken = speak(sound, 0.5, 3.5)
    track.shapes[:, INDEX["jawOpen"]] = 0.2 + 0.2 * np.sin(2 * np.pi * 3 * track.time)
    assert not {cue.name for cue in find_cues(tracks(track, sound, (spoken,)), NEUTRAL)} & {"nod", "speech_nod"}


def test_where_the_head_drifts_after_it_came_to_rest_is_no_part_of_a_nod() -> None:
    track = face(12.0)
    swing(track, 0, 2.0, 3.5, 1.0, 9)
    after = track.time > 4.5
    track.pose[after, 0] += 4 * (track.time[after] - 4.5)
    (cue,) = found("nod", track, now=12.0)
    assert (cue.start, cue.end) == pytest.approx((2.0, 3.5), abs=0.4)


def test_a_face_turned_away_is_found_and_ends_attention() -> None:
    track = face()
    track.pose[20:45, 1] = 32
    track.gaze[20:45, 1] = 32
    (cue,) = found("face_away", track)
    assert (cue.start, cue.end) == pytest.approx((2.0, 4.5), abs=0.15)
    assert all(cue.end < 2.2 or cue.start > 4.3 for cue in found("attention", track))


def test_a_turn_so_far_that_the_face_is_lost_is_still_away() -> None:
    track = face()
    track.pose[18:22, 1] = 30
    for values in (track.pose, track.gaze, track.shapes):
        values[22:40] = np.nan
    track.width[22:40] = np.nan
    (cue,) = found("face_away", track)
    assert cue.end - cue.start == pytest.approx(2.2, abs=0.2)
    assert not found("absent", track)


def test_a_face_that_goes_is_absent() -> None:
    track = face()
    for values in (track.pose, track.gaze, track.shapes):
        values[25:] = np.nan
    track.width[25:] = np.nan
    track.vacant[25:] = 1.0
    assert len(found("absent", track)) == 1
    assert found("absent", track)[0].strength == 1.0


@pytest.mark.parametrize("why", ["covered", "dark", "small", "who knows"])
def test_a_face_that_is_lost_has_not_left(why: str) -> None:
    track = face()
    for values in (track.pose, track.gaze, track.shapes):
        values[25:] = np.nan
    track.vacant[25:] = {"covered": 0.3, "who knows": np.nan}.get(why, 1.0)
    track.light[25:] = 6.0 if why == "dark" else 120.0
    track.width[:] = 40.0 if why == "small" else 150.0
    track.width[25:] = np.nan
    assert not found("absent", track)


def test_who_was_never_there_has_not_left() -> None:
    track = face()
    for values in (track.pose, track.gaze, track.shapes):
        values[:40] = np.nan
    track.width[:40] = np.nan
    cold = replace(NEUTRAL, brow=None, aperture=None, width=None)
    assert "absent" not in {cue.name for cue in find_cues(tracks(track), cold)}


def test_whoever_always_looks_aside_does_not_look_at_the_camera() -> None:
    track = face()
    track.gaze[:, 1] += 40
    usual = replace(NEUTRAL, gaze=np.array([0.0, 40.0]))
    assert "attention" not in {cue.name for cue in find_cues(tracks(track), usual)}
    track.gaze[:, 1] -= 22  # a camera beside the screen
    usual = replace(NEUTRAL, gaze=np.array([0.0, 18.0]))
    assert "attention" in {cue.name for cue in find_cues(tracks(track), usual)}


def test_looking_away_with_the_eyes() -> None:
    track = face()
    track.gaze[20:35, 1] = 28
    (cue,) = found("gaze_away", track)
    assert (cue.start, cue.end) == pytest.approx((2.0, 3.5), abs=0.15)


@pytest.mark.parametrize(
    ("name", "shapes"),
    [
        ("smile", ("mouthSmileLeft", "mouthSmileRight")),
        ("brow_raise", BROWS_UP),
        ("lip_press", ("mouthPressLeft", "mouthPressRight")),
        ("mouth_shrug", ("mouthShrugLower", "mouthShrugUpper")),
    ],
)
def test_expressions_show_above_the_persons_own_level(name: str, shapes: tuple[str, ...]) -> None:
    track = face()
    show(track, 2.0, 3.5, 0.6, *shapes)
    (cue,) = found(name, track)
    assert (cue.start, cue.end) == pytest.approx((2.0, 3.5), abs=0.15)
    track.pose[:, 1] = 40  # the far side of the face is hidden
    assert not found(name, track)


def test_a_frown_is_read_from_the_brows_own_height() -> None:
    track = face()
    track.brow[20:35] = 0.21
    (cue,) = found("brow_lower", track)
    assert (cue.start, cue.end) == pytest.approx((2.0, 3.5), abs=0.15)
    show(track, 0.0, 5.0, 0.9, "eyeBlinkLeft", "eyeBlinkRight")  # closing the eyes takes the brows down, too
    assert not found("brow_lower", track)


def test_a_brow_raised_on_one_side() -> None:
    track = face()
    show(track, 2.0, 3.0, 0.5, "browOuterUpLeft")
    assert found("one_brow", track)


def test_eyes_held_narrow_are_not_closed_and_not_looking_down() -> None:
    track = face()
    track.aperture[20:35] = 0.18
    (cue,) = found("narrowed_eyes", track)
    assert (cue.start, cue.end) == pytest.approx((2.0, 3.5), abs=0.15)
    track.gaze[:, 0] -= 20
    assert not found("narrowed_eyes", track)


def test_leaning_in_and_out_and_not_merely_turning() -> None:
    track = face()
    track.width[20:40] = 190
    assert found("lean_in", track)
    track.width[20:40] = 115
    assert found("lean_out", track)
    assert not found("lean_in", track)
    track.pose[20:40, 1] = 18
    assert not found("lean_out", track)


def test_a_yawn_is_a_mouth_wide_open_without_speech() -> None:
    track, sound = face(), voice()
    show(track, 1.0, 3.5, 0.8, "jawOpen")
    assert found("yawn", track)
    assert not found("yawn", track, sound, (speak(sound, 1.0, 3.5),))


@pytest.mark.parametrize(("width", "light"), [(38.0, 120.0), (150.0, 9.0), (150.0, 252.0)])
def test_what_is_seen_badly_is_not_said(width: float, light: float) -> None:
    track = face()
    show(track, 2.0, 3.5, 0.6, "mouthSmileLeft", "mouthSmileRight")
    track.width[:] = width
    track.light[:] = light
    assert not found("smile", track)


def test_a_small_face_still_nods_and_a_noisy_line_is_no_loud_voice() -> None:
    track = face()
    swing(track, 0, 1.0, 3.0, 2.0, 13)
    track.width[:] = 42
    (nod,) = found("nod", track)
    assert 0.3 <= nod.quality < 1
    sound = voice()
    spoken = (speak(sound, 0.0, 2.0), speak(sound, 3.0, 4.5, 18.0))
    assert found("voice_high", None, sound, spoken)
    sound.loudness[:] = np.maximum(sound.loudness, -28)
    assert not found("voice_high", None, sound, spoken)
    sound.loudness[sound.speech < 0.5] = -60
    sound.clipped[:] = 1
    assert not found("voice_high", None, sound, spoken)


def test_slow_speech_and_a_falling_end() -> None:
    sound = voice()
    spoken = (speak(sound, 0.0, 3.0),)
    assert found("slow_speech", None, sound, spoken, say("well you see", each=0.9))
    assert not found("slow_speech", None, sound, spoken, say("well you see that is what I mean", each=0.35))
    end = (sound.time > 2.75) & (sound.time < 3.0)
    sound.pitch[end] = np.linspace(10, 5, end.sum())
    assert found("falling_end", None, sound, spoken)
    sound.pitch[sound.time > 2.75] = np.nan  # the last sounds have no voice: "need it."
    last = (sound.time > 2.5) & (sound.time < 2.75)
    sound.pitch[last] = np.linspace(10, 5, last.sum())
    assert found("falling_end", None, sound, spoken)


def test_a_phrase_that_is_not_over_has_no_end() -> None:
    for until in (4.0, 5.0):
        sound = voice()
        spoken = (speak(sound, 0.0, until),)
        end = (sound.time > until - 0.3) & (sound.time < until)
        sound.pitch[end] = 4.0
        assert bool(found("falling_end", None, sound, spoken)) == (until < 5.0)
    sound = voice(10.0)
    spoken = (speak(sound, 0.0, 9.0),)  # one breath, looked at in two pieces
    sound.pitch[(sound.time > 4.2) & (sound.time < 4.5)] = 4.0
    assert not found("falling_end", None, sound, spoken)


def test_blinks_are_no_closed_eyes_but_many_of_them_are_frequent() -> None:
    track = face()
    for start in (0.5, 1.2, 2.0, 2.9, 3.7, 4.4):
        show(track, start, start + 0.15, 0.8, "eyeBlinkLeft", "eyeBlinkRight")
    assert not found("eyes_closed", track)
    assert found("frequent_blinks", track)
    show(track, 2.0, 3.4, 0.9, "eyeBlinkLeft", "eyeBlinkRight")
    (cue,) = found("eyes_closed", track)
    assert cue.end - cue.start == pytest.approx(1.4, abs=0.2)


def test_a_tilted_head() -> None:
    track = face()
    track.pose[20:35, 2] = 16
    assert len(found("tilt", track)) == 1


@pytest.mark.parametrize(("usual", "now", "tilts"), [(-4, 11, 1), (0, 11, 0), (-12, 3, 0)])
def test_a_head_that_is_always_aside_tilts_to_the_other_side_but_not_upright(usual: int, now: int, tilts: int) -> None:
    track = face()
    track.pose[20:35, 2] = now
    cues = find_cues(tracks(track), replace(NEUTRAL, pose=np.array([0.0, 0.0, usual])))
    assert [cue.name for cue in cues].count("tilt") == tilts


def test_a_pause_inside_a_clause_hesitates_and_after_a_sentence_does_not() -> None:
    sound = voice()
    spoken = (speak(sound, 0.0, 1.5), speak(sound, 2.6, 4.0))
    inside = found("silent_pause", None, sound, spoken, say("I would like to", each=0.35))
    assert [cue.phrase for cue in inside] == ["paused for 1.1 s after “to”"]
    assert not found("silent_pause", None, sound, spoken, say("I would like that.", each=0.35))
    assert not found("silent_pause", None, sound, spoken)


def test_fillers_are_found_in_words_and_as_held_vowels() -> None:
    sound = voice()
    spoken = (speak(sound, 0.0, 1.5), speak(sound, 2.5, 4.0))
    assert found("filled_pause", None, sound, spoken, say("um I think"))
    held = (sound.time >= 1.0) & (sound.time < 1.5)
    sound.pitch[held] = 11.0
    sound.change[held] = 0.08
    sound.pitch[(sound.time >= 0.7) & (sound.time < 1.0)] = np.nan
    (cue,) = found("filled_pause", None, sound, spoken)
    assert (cue.start, cue.end) == pytest.approx((1.0, 1.5), abs=0.06)
    sound.pitch[held] = 11.0 + np.linspace(0, 4, held.sum())  # emphasis
    assert not found("filled_pause", None, sound, spoken)
    sound.pitch[held] = 16.0
    assert not found("filled_pause", None, sound, spoken)


def test_a_voice_is_measured_against_its_own_usual() -> None:
    sound = voice()
    spoken = (speak(sound, 0.0, 2.0, 12.0), speak(sound, 3.0, 4.5, 17.0))
    (cue,) = found("voice_high", None, sound, spoken)
    assert cue.phrase == "spoke 5 semitones higher than usual"
    sound.loudness[sound.time > 2.5] = -12
    assert found("voice_loud", None, sound, spoken)
    sound.pitch[:] = np.where(np.isnan(sound.pitch), np.nan, 12.0)
    assert found("voice_flat", None, sound, spoken)


def test_arousal_is_a_voice_both_higher_and_sharper_whatever_its_loudness() -> None:
    sound = voice()
    spoken = (speak(sound, 0.0, 2.0), speak(sound, 3.0, 4.5, 15.0))
    later = sound.time > 2.5
    assert not found("voice_aroused", None, sound, spoken)
    sound.sharpness[later] = -4
    (cue,) = found("voice_aroused", None, sound, spoken)
    assert cue.start == pytest.approx(3.0, abs=0.1)
    sound.loudness[later] -= 10
    assert found("voice_aroused", None, sound, spoken)
    sound.pitch[later] -= 3
    assert not found("voice_aroused", None, sound, spoken)


def test_a_rising_end_is_heard() -> None:
    sound = voice()
    spoken = (speak(sound, 0.0, 2.0),)
    end = (sound.time > 1.75) & (sound.time < 2.0)
    sound.pitch[end] = np.linspace(13, 19, end.sum())
    assert found("rising_end", None, sound, spoken)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Yes, exactly, that's right.", "says_agreement"),
        ("I totally agree with you.", "says_agreement"),
        ("No, I don't think so.", "says_disagreement"),
        ("That's not true.", "says_disagreement"),
        ("Um, well, I'm not really sure.", "says_hedge"),
        ("Maybe we could go.", "says_hedge"),
        ("I am absolutely certain this works.", "says_assurance"),
        ("What do you mean? I don't understand.", "says_not_understanding"),
        ("Sorry? Come again.", "says_not_understanding"),
        ("Oh really? That's interesting, tell me more.", "says_interest"),
        ("Are you sure about that?", "says_doubt"),
        ("I'm so frustrated, this doesn't work.", "says_blocked_effort"),
        ("I'm really nervous and under a lot of pressure.", "says_strain"),
        ("I don't really care.", "says_indifference"),
    ],
)
def test_wordings_speak_for_their_family(text: str, name: str) -> None:
    assert found(name, words=say(text))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I'm not sure about it.", "says_assurance"),
        ("I don't agree.", "says_agreement"),
        ("Turn right at the corner.", "says_agreement"),
        ("There were no seats left.", "says_disagreement"),
        ("I know what you mean.", "says_not_understanding"),
        ("The month of May be warm.", "says_hedge"),
        ("It works without a doubt.", "says_doubt"),
    ],
)
def test_wordings_that_only_look_like_it_do_not(text: str, name: str) -> None:
    assert not found(name, words=say(text))


def test_a_smile_that_is_usual_is_a_smile_and_crying_is_none() -> None:
    track = face()
    smile = ("mouthSmileLeft", "mouthSmileRight")
    show(track, 0.0, 5.0, 0.6, *smile)
    shapes = NEUTRAL.shapes.copy()
    shapes[[INDEX[name] for name in smile]] = 0.6
    usual = replace(NEUTRAL, shapes=shapes)
    assert "smile" in {cue.name for cue in find_cues(tracks(track), usual)}
    show(track, 0.0, 5.0, 0.5, "browDownLeft", "browDownRight")
    assert "smile" not in {cue.name for cue in find_cues(tracks(track), usual)}


def test_what_reads_as_a_smile_now_and_then_is_none() -> None:
    # A portrait in too much light, whose corners of the mouth read .38 at rest and .42 on some pictures.
    track = face()
    smile = ("mouthSmileLeft", "mouthSmileRight")
    show(track, 0.0, 5.0, 0.38, *smile)
    show(track, 2.0, 3.0, 0.43, *smile)
    shapes = NEUTRAL.shapes.copy()
    shapes[[INDEX[name] for name in smile]] = 0.38
    assert "smile" not in {cue.name for cue in find_cues(tracks(track), replace(NEUTRAL, shapes=shapes))}


def test_a_scowl_shows_whatever_is_usual() -> None:
    track = face()
    track.brow[:] = 0.15
    usual = replace(NEUTRAL, brow=0.15)
    names = {cue.name for cue in find_cues(tracks(track), usual)}
    assert "scowl" in names
    assert "distress" not in names
    track.aperture[:] = 0.12
    show(track, 0.0, 5.0, 0.5, "mouthSmileLeft", "mouthSmileRight")
    assert "distress" in {cue.name for cue in find_cues(tracks(track), usual)}


def test_lips_held_tight_and_a_doubtful_pout() -> None:
    track = face()
    show(track, 2.0, 3.5, 0.6, "mouthRollLower", "mouthRollUpper")
    assert found("tight_lips", track)
    track = face()
    show(track, 2.0, 3.5, 0.8, *BROWS_UP, "mouthPucker")
    assert found("doubtful_pout", track)
    track.shapes[:, INDEX["jawOpen"]] = 0.2 + 0.2 * np.sin(2 * np.pi * 2 * track.time)  # sings
    assert not found("doubtful_pout", track)


def test_words_the_recogniser_doubts_say_nothing() -> None:
    words = tuple(replace(word, probability=0.1) for word in say("yes exactly"))
    assert not found("says_agreement", words=words)
