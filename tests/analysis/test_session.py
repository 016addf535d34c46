"""The whole engine on real media: what is there is said, what is not there is not."""

from __future__ import annotations

import io
import itertools
import json
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from interhuman_stream import analyze
from interhuman_stream.analysis.judge import LOOK_BACK
from interhuman_stream.analysis.perception.transcript import MEMORY
from interhuman_stream.analysis.session import AnalysisSession, result
from interhuman_stream.faults import MalformedSegment
from interhuman_stream.findings import Limit
from interhuman_stream.medium import UNOPENED, VOICE, raw_voice
from interhuman_stream.signals import EngagementState, Modality, SignalType
from interhuman_stream.terms import Terms
from tests.pcm import pcm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from interhuman_stream.analysis.perception.models import Models
    from interhuman_stream.findings import Findings


@pytest.fixture
def session(models: Models) -> Iterator[AnalysisSession]:
    made = AnalysisSession(models)
    yield made
    made.close()


@pytest.fixture(scope="module")
def whole(models: Models, sample: Path) -> Findings:
    """What is found in the sample, fed at once."""
    with AnalysisSession(models) as session:
        return session.feed(sample.read_bytes())


@pytest.fixture(scope="module")
def beginning(sample: Path) -> bytes:
    """The first ten seconds of the sample, with a nod and a shaken head, as of a stream that broke off there."""
    data = sample.read_bytes()
    return data[: len(data) // 3]


def inside(analysis: Findings) -> None:
    for signal in analysis.signals:
        assert analysis.start <= signal.start < signal.end <= analysis.end + 1e-6
    if analysis.end > analysis.start:
        assert analysis.engagement[0].start == analysis.start


def test_the_sample_says_what_it_shows(whole: Findings, sample: Path) -> None:
    truth = json.loads(sample.with_suffix(".json").read_text())
    events = truth["events"] if isinstance(truth, dict) else truth
    inside(whole)
    for event in events:
        overlapping = {
            signal.type for signal in whole.signals if signal.start < event["end"] and event["start"] < signal.end
        }
        if expected := event.get("expect"):
            assert overlapping & set(expected), event
        assert not overlapping & set(event.get("forbid", ())), event
    assert len({signal.type for signal in whole.signals}) >= 4


@pytest.mark.parametrize(
    "name",
    [
        "vp8_opus_webm",
        pytest.param("vp9_opus_fmp4", marks=pytest.mark.slow),
        pytest.param("vp9_opus_webm", marks=pytest.mark.long),
    ],
)
def test_recorder_blobs_are_analysed_as_one_person(
    session: AnalysisSession, blobs: Callable[[str], list[bytes]], name: str
) -> None:
    analyses = []
    for blob in blobs(name):
        analyses.append(session.feed(blob))
        inside(analyses[-1])
    analyses.append(session.finish())
    for one, other in itertools.pairwise(analyses):
        assert one.end == other.start
    assert session.video_frames == {"vp8_opus_webm": 493}.get(name, 495)
    said = " ".join(word.text for analysis in analyses for word in analysis.words)
    assert "help" in said


def test_no_face_and_no_words_give_an_empty_list(session: AnalysisSession, shared_data: Path) -> None:
    analysis = session.feed((shared_data / "clips" / "no_face.mp4").read_bytes())
    assert analysis.has_video
    assert analysis.signals == ()
    assert analysis.words == ()


@pytest.mark.slow
def test_a_voice_without_a_face_gives_words_and_nothing_seen(session: AnalysisSession, shared_data: Path) -> None:
    analysis = session.feed((shared_data / "clips" / "speech_no_face.mp4").read_bytes())
    assert "telescope" in [word.text for word in analysis.words]
    assert all(Modality.VIDEO not in signal.modality for signal in analysis.signals)
    assert all(cue.modality is Modality.AUDIO for cue in analysis.cues)


@pytest.mark.slow
def test_a_face_without_a_voice_gives_nothing_heard(session: AnalysisSession, shared_data: Path) -> None:
    analysis = session.feed((shared_data / "clips" / "silent_webcam_vp8.webm").read_bytes())
    assert not analysis.has_audio
    assert analysis.cues
    assert all(cue.modality is Modality.VIDEO for cue in analysis.cues)


def test_a_face_that_leaves_is_no_engagement(session: AnalysisSession, shared_data: Path) -> None:
    analysis = session.feed((shared_data / "clips" / "face_leaves_hevc.mov").read_bytes())
    late = {signal.type for signal in analysis.signals if signal.end > 4}
    assert SignalType.ENGAGEMENT not in late
    assert SignalType.DISENGAGEMENT in late


def under(video: Path, sound: Path) -> bytes:
    """The picture of one file with the sound of another, as long as both last; nothing is encoded anew."""
    out = io.BytesIO()
    with av.open(str(video)) as seen, av.open(str(sound)) as heard, av.open(out, "w", format="matroska") as muxer:
        sources = [(seen, seen.streams.video[0]), (heard, heard.streams.audio[0])]
        streams = [muxer.add_stream_from_template(stream) for _, stream in sources]
        packets = [
            (float(packet.dts * packet.time_base), packet, stream)
            for (container, source), stream in zip(sources, streams, strict=True)
            for packet in container.demux(source)
            if packet.dts is not None
        ]
        shorter = min(max(time for time, _, of in packets if of is stream) for stream in streams)
        for time, packet, stream in sorted(packets, key=lambda each: each[0]):
            if time <= shorter:
                packet.stream = stream
                muxer.mux(packet)
    return out.getvalue()


@pytest.mark.parametrize(
    "still", ["lp_s20", *(pytest.param(name, marks=pytest.mark.long) for name in ("lp_d3", "muse_yongen"))]
)
def test_a_talk_laid_under_a_closed_mouth_is_not_its_stance(
    session: AnalysisSession, shared_data: Path, still: str
) -> None:
    video = shared_data / "natural" / "clips" / f"{still}.mp4"
    found = session.feed(under(video, shared_data / "clips" / "talk_reagan_clip1.mp4"))
    assert found.words  # it is heard
    assert not [cue for cue in found.cues if cue.modality is Modality.AUDIO]
    assert all(Modality.AUDIO not in signal.modality for signal in found.signals)


@pytest.mark.long
@pytest.mark.parametrize(
    ("moving", "talk"),
    [
        ("ed_pose1", "Obama_clip1"),
        ("st_furious_talk1_clip1", "reagan_clip1"),
        ("echo_c", "reagan_clip1"),
    ],
)
def test_a_talk_laid_under_a_mouth_that_speaks_is_not_its_stance(
    session: AnalysisSession, shared_data: Path, moving: str, talk: str
) -> None:
    video = shared_data / "natural" / "clips" / f"{moving}.mp4"
    found = session.feed(under(video, shared_data / "clips" / f"talk_{talk}.mp4"))
    assert Limit.ANOTHERS_VOICE in {each.why for each in found.perceived.limits}
    assert all(Modality.AUDIO not in signal.modality for signal in found.signals)


@pytest.mark.long
def test_speeches_are_not_full_of_signals(models: Models, shared_data: Path) -> None:
    """But for those that a speech is: who speaks to the camera is engaged, and mostly confident."""
    for clip in sorted((shared_data / "clips").glob("talk_*.mp4")):
        session = AnalysisSession(models)
        analysis = session.feed(clip.read_bytes())
        session.close()
        length = analysis.end - analysis.start
        for kind in SignalType:
            share = sum(signal.end - signal.start for signal in analysis.signals if signal.type is kind) / length
            if kind not in {SignalType.ENGAGEMENT, SignalType.CONFIDENCE}:
                assert share < 0.3, (clip.name, kind, share)


@pytest.mark.slow
def test_a_word_on_the_border_is_heard_once_and_whole(models: Models, shared_data: Path) -> None:
    from interhuman_stream.client.sources.file import segments  # noqa: PLC0415 - this test alone

    session = AnalysisSession(models)
    said: list[tuple[float, str]] = []
    for segment in segments(shared_data / "clips" / "talk_01_woman_interview.mp4", seconds=3.0):
        analysis = session.feed(segment.data)
        said += [(word.start, word.text) for word in analysis.words if word.start >= analysis.start - 0.05]
    session.close()
    text = " ".join(word for _, word in sorted(said))
    assert text.count("asking for help") == 1, text
    assert text.endswith("better at that"), text


def test_malformed_bytes_leave_the_session_as_it_was(session: AnalysisSession, make_clip: Callable[..., bytes]) -> None:
    good = make_clip("webm", "libvpx", "libopus")
    session.feed(good)
    with pytest.raises(MalformedSegment):
        session.feed(bytes(50_000))
    again = session.feed(good)
    assert again.start == pytest.approx(2.0, abs=0.1)
    assert again.signals == ()


@pytest.mark.slow
def test_memory_stays_bounded_over_many_segments(session: AnalysisSession, make_clip: Callable[..., bytes]) -> None:
    good = make_clip("webm", "libvpx", "libopus", fps=5)
    for _ in range(12):
        session.feed(good)
    tracks = session.tracks
    assert tracks.face is not None
    assert tracks.voice is not None
    assert tracks.face.time[0] >= 24 - LOOK_BACK - 0.1
    assert tracks.voice.time[0] >= 24 - LOOK_BACK - 0.1
    kept = sum(len(part.samples) for part in session._perceiver._transcript._parts)
    assert kept <= (MEMORY + 2) * 16_000


@pytest.mark.slow
def test_the_smallest_legal_pieces_are_heard_as_one_stream(models: Models, blobs: Callable[[str], list[bytes]]) -> None:
    whole = b"".join(blobs("vp8_opus_webm"))
    with AnalysisSession(models) as session:
        for begin in range(0, len(whole), 10_000):
            inside(session.feed(whole[begin : begin + 10_000]))  # none of them is refused
        said = [word.text for word in session.tracks.words]
        assert session.video_frames == 493
    assert not [one for one, other in itertools.pairwise(said) if one == other], said


def judged(models: Models, pieces: Iterable[bytes]) -> tuple[object, ...]:
    """What was perceived, and what is judged of it every five seconds."""
    with AnalysisSession(models) as session:
        for piece in pieces:
            result(session.take(piece))
        found = session.finish()
        return session.video_frames, found.signals, [(word.raw, word.start) for word in found.words]


@pytest.fixture(scope="module")
def uncut(models: Models, beginning: bytes) -> tuple[object, ...]:
    return judged(models, [beginning])


@pytest.mark.parametrize("size", [777, pytest.param(25_000, marks=pytest.mark.slow), 130_000])
def test_what_is_found_does_not_depend_on_where_the_bytes_were_cut(
    models: Models, beginning: bytes, uncut: tuple[object, ...], size: int
) -> None:
    assert uncut[1]
    assert judged(models, (beginning[at : at + size] for at in range(0, len(beginning), size))) == uncut


@pytest.mark.long
def test_the_whole_sample_is_found_alike_however_it_is_cut(models: Models, sample: Path) -> None:
    data = sample.read_bytes()
    assert judged(models, (data[at : at + 777] for at in range(0, len(data), 777))) == judged(models, [data])


def test_what_was_only_taken_in_is_no_part_of_the_next_answer(models: Models, beginning: bytes) -> None:
    data = beginning
    first, second = len(data) // 2, len(data) * 3 // 4
    with AnalysisSession(models) as session:
        result(session.take(data[:first]))
        taken = session.position
        found = session.feed(data[first:second])
        inside(found)
        assert found.start == pytest.approx(taken, abs=0.01)
        assert all(word.end > taken for word in found.words)
        assert session.feed(data[second:]).start == pytest.approx(found.end, abs=0.01)


@pytest.mark.slow
def test_words_that_are_understood_late_count_where_they_are_told_late(
    models: Models, whole: Findings, sample: Path
) -> None:
    with AnalysisSession(models, terms=Terms(0.5)) as session:
        data = sample.read_bytes()
        found = [each for at in range(0, len(data), 8192) for each in session.watch(data[at : at + 8192]) if each]
        found += [each for each in session.rest() if each]
    words = sum(each.perceived.words for each in found)
    assert words == pytest.approx(whole.perceived.words, rel=0.15)


@pytest.mark.slow
def test_a_file_is_judged_as_a_stream_of_it_is(models: Models, whole: Findings, sample: Path) -> None:
    data = sample.read_bytes()
    with AnalysisSession(models) as session:
        pieces = [session.feed(data[at : at + 64_000]) for at in range(0, len(data), 64_000)]
    assert {signal.type for signal in whole.signals} == {signal.type for each in pieces for signal in each.signals}


@pytest.mark.slow
def test_bytes_that_hold_nothing_yet_are_no_fault(
    session: AnalysisSession, blobs: Callable[[str], list[bytes]]
) -> None:
    first, second = blobs("vp9_opus_fmp4")[:2]
    for piece in (first[:1], first[1:700], first[700:]):
        found = session.feed(piece)
        assert found.signals == ()
        assert found.engagement == () or found.end > found.start
    assert session.feed(second).has_video


@pytest.mark.slow
def test_a_session_is_taken_up_again_in_the_middle(models: Models, blobs: Callable[[str], list[bytes]]) -> None:
    pieces = blobs("vp8_opus_webm")
    with AnalysisSession(models) as one:
        for piece in pieces[:2]:
            before = one.feed(piece)
        header, position = one.header, one.position
    with AnalysisSession(models, header=header, position=position) as other:
        after = [other.feed(piece) for piece in pieces[2:]]
    assert after[0].start == pytest.approx(before.end, abs=0.5)
    assert after[-1].end == pytest.approx(16.5, abs=1.0)
    assert other.video_frames > 150  # from the first key frame on


@pytest.mark.slow
@pytest.mark.parametrize("raw", [False, True])
def test_a_voice_is_listened_to_without_looking(models: Models, sample: Path, raw: bool) -> None:
    data, medium = sample.read_bytes(), VOICE
    if raw:
        data, medium = pcm(data, 24_000), raw_voice(24_000)
    with AnalysisSession(models, terms=Terms(medium=medium)) as session:
        found = result(session.whole(data))
    inside(found)
    assert (found.has_video, found.has_audio, session.video_frames) == (False, True, 0)
    assert found.end == pytest.approx(30.0, abs=0.2)
    assert {modality for signal in found.signals for modality in signal.modality} == {Modality.AUDIO}
    assert found.perceived.words > 5
    assert EngagementState.ENGAGED in {span.state for span in found.engagement}


@pytest.mark.parametrize(("seconds", "behind"), [(0.25, 1.5), (2.5, 0.3), (5.0, 0.3)])
def test_the_voice_is_known_when_it_is_answered_for(
    models: Models, sample: Path, seconds: float, behind: float
) -> None:
    """Who answers by the quarter of a second knows it by the second, some 0.2 s late; anybody else up to the answer."""
    sound, piece = pcm(sample.read_bytes(), 16_000)[: 10 * 32_000], int(seconds * 32_000)
    with AnalysisSession(models, terms=Terms(medium=raw_voice(16_000))) as session:
        for at in range(0, len(sound), piece):
            session.feed(sound[at : at + piece])
            voice = session.tracks.voice
            assert session.position <= 2 * behind or (voice and session.position - voice.time[-1] < behind)


def test_what_is_in_a_file_is_told_without_perceiving_it(models: Models, sample: Path) -> None:
    with AnalysisSession(models, terms=Terms(medium=UNOPENED)) as session:
        found = result(session.whole(sample.read_bytes()))
    assert found.start == 0.0
    assert found.end == pytest.approx(30.0, abs=0.2)
    assert (found.has_video, found.has_audio, found.signals, found.words) == (True, True, (), ())


def test_a_file_of_ones_own_may_be_longer_than_what_strangers_send(models: Models, tmp_path: Path) -> None:
    file = tmp_path / "day.mkv"
    with av.open(str(file), "w") as out:
        video = out.add_stream("mpeg4", rate=10)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        for seconds in range(0, 2700, 300):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 90, np.uint8), "rgb24")
            frame.pts = seconds * 10
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
    assert analyze(file).end > 2400
    with AnalysisSession(models) as session, pytest.raises(MalformedSegment, match="lasts too long"):
        result(session.whole(file.read_bytes()))
