"""The arousal bench hears an actor's clips as one person's talk."""

from __future__ import annotations

import pytest

from interhuman_stream.evaluation.corpora import ravdess
from tools.arousal_bench import CUES, hear, report

pytestmark = pytest.mark.long


def test_an_actor_is_heard_once_known_and_angry_sooner_than_calm(request: pytest.FixtureRequest) -> None:
    folder = request.config.rootpath.parent / "shared" / "data" / "ravdess_dev"
    if not folder.is_dir():
        pytest.skip("no recordings of acted emotions beside the checkout (../shared/data/ravdess_dev)")
    clips = [clip for clip in ravdess(folder) if clip.subject == "05" and clip.label in {"calm", "angry"}]
    heard = hear(clips)
    assert 0 < len(heard) <= len(clips)
    found = {
        emotion: sum(each.strengths[0] > 0 for each in heard if each.emotion == emotion)
        for emotion in ("calm", "angry")
    }
    assert found["calm"] == 0 < found["angry"]
    assert sum(line.startswith(("angry ", "calm ")) for line in report(heard)) >= 2
    assert CUES[0] == "voice_aroused"
