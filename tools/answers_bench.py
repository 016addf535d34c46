"""Measure short answers: how many "yes" and "no" of synthetic voices come to a stance, and how much else does.

Takes espeak-ng and flite for the voices. Each answer is a stream of its own, heard by the whole engine without a
picture; with `--seen`, said by a puppet whose mouth moves with it (which takes scikit-image and scipy).
"""

from __future__ import annotations

import argparse
import io
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av
import numpy as np

from interhuman_stream.analysis.media.mix import SAMPLE_RATE
from interhuman_stream.analysis.perception.models import load_models
from interhuman_stream.analysis.session import AnalysisSession, result
from interhuman_stream.signals import SignalType
from tools.bench.speakers import NoSpeech, Speaker, say
from tools.puppet import voice
from tools.puppet.faces import LOOKS, face
from tools.puppet.performance import Performance
from tools.puppet.render import Puppet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.models import Models
    from interhuman_stream.findings import Findings

VOICES: Final = (
    Speaker("espeak-ng", "en-us"),
    Speaker("espeak-ng", "en-gb"),
    Speaker("espeak-ng", "en-us+f3"),
    Speaker("flite", "slt"),
    Speaker("flite", "awb"),
    Speaker("flite", "kal16"),
)
AGREEING: Final = ("Yes.", "Yeah.", "Exactly.", "Right.", "Absolutely.", "That's right.")
DISAGREEING: Final = ("No.", "Nope.", "No way.", "Not really.")
FRIENDS: Final = (
    "I know.",
    "Now.",
    "I guess.",
    "Yesterday.",
    "My nose.",
    "A note.",
    "North.",
    "Snow.",
    "The yard.",
    "Yellow.",
    "Jazz.",
    "Chess.",
    "The bright one.",
    "A year.",
    "Nine.",
    "New.",
    "Near.",
    "Nora.",
    "Norway.",
    "A nurse.",
    "Yoghurt.",
    "Young.",
    "The exact time.",
    "The right side.",
    "November.",
    "Noon.",
    "Needles.",
    "Yearly.",
    "Rice.",
    "A ride.",
)
FOREIGN: Final = {
    "de": ("Ja.", "Jahr.", "Nein.", "Ja, genau.", "Noch einmal.", "Das glaube ich nicht."),
    "fr-fr": ("Oui.", "Non.", "Exactement.", "Oui, c'est ça.", "Je ne crois pas."),
    "ru": ("Да.", "Нет.", "Но.", "Да, конечно.", "Она читает книгу дома."),
    "ja": ("はい。", "いいえ。", "そうですね。", "わたしはほんをよみます。"),
    "cmn": ("是。", "不是。", "对。", "他在家看书。"),
}
STANCES: Final = {SignalType.AGREEMENT, SignalType.DISAGREEMENT}


FRAMES_PER_SECOND: Final = 10  # as many as the engine looks at
DRAWN, ENLARGED = (320, 288), 1.6


def stream(text: str, speaker: Speaker, puppet: Puppet | None = None) -> bytes:
    """What is said, with a second of a quiet room around it, as a file; by a puppet, or without a picture."""
    said = say(speaker, text)
    room = np.random.default_rng(0).normal(0, 0.0008, len(said) + 2 * SAMPLE_RATE)
    room[SAMPLE_RATE : SAMPLE_RATE + len(said)] += said
    return file((room * 32767).astype(np.int16), [] if puppet is None else _acted(room, puppet))


def _acted(room: NDArray[np.float64], puppet: Puppet) -> list[NDArray[np.uint8]]:
    """Pictures of a head that idles, and whose mouth moves with what is heard."""
    performance = Performance(np.arange(len(room) * FRAMES_PER_SECOND // SAMPLE_RATE) / FRAMES_PER_SECOND)
    performance.idle(np.random.default_rng(0))
    sound = np.repeat(room, voice.RATE // SAMPLE_RATE).astype(np.float32)
    performance.speak(*voice.mouth(sound, performance.time))
    return [puppet.draw(pose) for pose in performance.poses()]


def file(samples: NDArray[np.int16], pictures: Sequence[NDArray[np.uint8]]) -> bytes:
    """Sound, and pictures where there are any, as a file."""
    out = io.BytesIO()
    with av.open(out, "w", format="matroska") as container:
        track = container.add_stream("pcm_s16le", rate=SAMPLE_RATE, layout="mono")
        if pictures:
            seen = container.add_stream("mjpeg", rate=FRAMES_PER_SECOND)
            seen.height, seen.width = pictures[0].shape[:2]
            seen.pix_fmt = "yuvj420p"
            for number, picture in enumerate(pictures):
                shot = av.VideoFrame.from_ndarray(picture, format="rgb24")
                shot.pts, shot.time_base = number, Fraction(1, FRAMES_PER_SECOND)
                container.mux(seen.encode(shot))
            container.mux(seen.encode(None))
        frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
        frame.rate = SAMPLE_RATE
        container.mux(track.encode(frame))
        container.mux(track.encode())
    return out.getvalue()


def analyse(models: Models, data: bytes) -> Findings:
    """What the engine finds in a file."""
    with AnalysisSession(models) as session:
        return result(session.whole(data))


def count(
    models: Models,
    name: str,
    spoken: Iterable[tuple[str, Speaker]],
    right: SignalType | None,
    puppet: Puppet | None,
    *,
    verbose: bool,
) -> None:
    """Print how many come to the stance that is right, and what comes to another."""
    hits = total = understood = 0
    wrong: list[str] = []
    for text, speaker in spoken:
        found = analyse(models, stream(text, speaker, puppet))
        shown = {signal.type for signal in found.signals} & STANCES
        heard = " ".join(word.raw for word in found.words)
        understood += [word.text for word in found.words] == text.lower().rstrip(".").split()
        total, hits = total + 1, hits + (right in shown)
        if shown - {right}:
            wrong.append(f"{text} ({speaker.voice}): {heard} {', '.join(sorted(shown))}")
        if verbose:
            print(f"  {text} ({speaker.program} {speaker.voice}): {heard} {', '.join(sorted(shown))}")
    rightly = f", {hits} with the right stance" if right else ""
    print(f"{name}: of {total} {understood} heard word by word{rightly}, {len(wrong)} with a wrong stance")
    print("".join(f"  {each}\n" for each in wrong), end="", flush=True)


def main() -> int:
    """Print a line for each kind."""
    parser = argparse.ArgumentParser(prog="python -m tools.answers_bench", description=__doc__)
    parser.add_argument("--kind", action="append", help="only this line (repeat for more)")
    parser.add_argument("--verbose", action="store_true", help="print what is heard each time")
    parser.add_argument("--seen", action="store_true", help="let a puppet say it")
    options = parser.parse_args()
    models = load_models()
    puppet = Puppet(face(LOOKS[0], models.face, DRAWN, ENLARGED)) if options.seen else None
    foreign = [
        (text, Speaker("espeak-ng", language + variant))
        for language, texts in FOREIGN.items()
        for variant in ("", "+f3", "+m7")
        for text in texts
    ]
    kinds = (
        ("agreement", [(text, voice) for text in AGREEING for voice in VOICES], SignalType.AGREEMENT),
        ("disagreement", [(text, voice) for text in DISAGREEING for voice in VOICES], SignalType.DISAGREEMENT),
        ("false friends", [(text, voice) for text in FRIENDS for voice in VOICES], None),
        ("foreign", foreign, None),
    )
    try:
        for name, spoken, right in kinds:
            if options.kind and name not in options.kind:
                continue
            count(models, name, spoken, right, puppet, verbose=options.verbose)
    except NoSpeech as error:
        sys.exit(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())
