"""The puppet bench counts what it says it counts, on faces that are faces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from interhuman_stream.analysis.media.stream import MediaStream, Picture
from interhuman_stream.analysis.model_files import FACE_LANDMARKER, locate
from interhuman_stream.analysis.perception.face import FaceTracker
from interhuman_stream.analysis.perception.face_model import FaceLandmarker
from interhuman_stream.faults import ModelMissing
from tools.bench.conditions import Camera, Condition
from tools.bench.measure import Found, score
from tools.bench.script import SWEEP, Done, everything, sweep
from tools.puppet.expression import Pose
from tools.puppet.faces import LOOKS, face
from tools.puppet.render import Puppet
from tools.puppet_bench import CUES, DRAWN, ENLARGED

if TYPE_CHECKING:
    from pathlib import Path


def test_a_hit_counts_once_and_what_was_not_done_is_wrong() -> None:
    done = [Done("nod", 5.0, 6.0, 5.1), Done("nod", 9.0, 10.0, 9.1), Done("smile", 1.0, 2.0, 1.2)]
    found = [Found("nod", 5.2, 5.5), Found("nod", 5.7, 6.2), Found("nod", 20.0, 21.0), Found("smile", 9.0, 9.5)]
    result, missed = score("nod", done, found)
    assert (result.done, result.hit, result.wrong) == (2, 1, 1)
    assert result.late == pytest.approx([0.1])
    assert [(one.at, one.done) for one in missed] == [(9.0, True), (20.0, False)]
    assert (result.recall, result.precision, result.f1) == pytest.approx((0.5, 0.5, 0.5))
    assert np.isnan(score("tilt", done, found)[0].f1)


def test_every_cue_is_acted_with_room_around_it() -> None:
    for seed in range(3):
        act = everything(25.0, seed)
        assert {one.cue for one in act.done} == set(CUES)
        assert act.performance.time[-1] + 0.05 > act.done[-1].end
        for one, after in zip(act.done, act.done[1:], strict=False):
            assert one.start <= one.onset < one.end < after.start
    assert [one.hertz for one in sweep(25.0, 0).done if one.cue == "shake"] == list(SWEEP)


@pytest.mark.long
def test_every_face_is_seen_as_large_as_the_camera_shows_it(tmp_path: Path) -> None:
    try:
        landmarker = FaceLandmarker(locate(FACE_LANDMARKER))
    except ModelMissing as error:
        pytest.skip(str(error))
    for look in LOOKS:
        portrait = face(look, landmarker, DRAWN, ENLARGED)
        picture = Puppet(portrait).draw(Pose(pitch=4.0))
        camera = Camera(tmp_path / "face.webm", Condition("small", width=90.0), float(np.ptp(portrait.landmarks[:, 0])))
        for _ in range(10):
            camera.shoot(picture)
        camera.close()
        stream, tracker = MediaStream(), FaceTracker(landmarker)
        for item in stream.feed((tmp_path / "face.webm").read_bytes()):
            if isinstance(item, Picture):
                tracker.observe(item)
        stream.close()
        track = tracker.track()
        assert track is not None
        assert np.median(track.width) == pytest.approx(90.0, rel=0.08)
        assert np.abs(np.median(track.pose, axis=0)).max() < 10
