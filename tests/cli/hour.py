"""An analysis as of an hour of talk, made up: for pictures and pages that must bear one."""

from __future__ import annotations

import random
from typing import Any

from interhuman_stream.signals import EngagementState, Probability, SignalType

SAID = [
    "so",
    "I",
    "think",
    "that",
    "we",
    "could",
    "perhaps",
    "start",
    "earlier",
    "because",
    "it",
    "is",
    "really",
    "what",
    "they",
    "wanted",
]
SEEN = ("Nodded 3 times", "Looked away", "Raised the brows", "Smiled", "Spoke for 2.0 s")


def analysis(seconds: float, seed: int = 7) -> dict[str, Any]:
    """A document as `analyze --json` prints it, with something of everything a picture shows."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    signals: list[dict[str, Any]] = []
    for kind in SignalType:
        at, usual = chance.uniform(0, 12), chance.choice((15, 40, 90))
        while at < seconds:
            end = round(min(seconds, at + chance.uniform(0.5, 6)), 1)
            why = f"{chance.choice(SEEN)} ({at:.1f}–{at + 0.6:.1f} s) and said “exactly” ({at:.1f}–{end:.1f} s)."
            if end - at > 0.3:
                sure = chance.choice(list(Probability))
                signals.append({"type": kind, "start": round(at, 1), "end": end, "probability": sure, "rationale": why})
            at = end + chance.expovariate(1 / usual)
    signals.sort(key=lambda each: float(each["start"]))
    return {
        "file": "hour.webm",
        "duration": seconds,
        "signals": signals,
        "engagement_state": _levels(seconds, chance),
        "words": _words(seconds, chance),
        "perceived": {
            "face": seconds * 0.9,
            "speaking": seconds * 0.4,
            "voice": seconds * 0.6,
            "words": 100,
            "language": "en",
            "limits": [
                {"why": "no_face", "start": seconds * 0.4, "end": seconds * 0.44, "sentence": "No face was found."},
                {"why": "dark", "start": seconds * 0.8, "end": seconds * 0.82, "sentence": "It was too dark."},
            ],
        },
    }


def _levels(seconds: float, chance: random.Random) -> list[dict[str, Any]]:
    levels: list[dict[str, Any]] = []
    at = 0.0
    while at < seconds:
        end = min(seconds, at + chance.uniform(3, 40))
        levels.append({"start": at, "end": end, "state": chance.choice(list(EngagementState))})
        at = end
    return levels


def _words(seconds: float, chance: random.Random) -> list[dict[str, Any]]:
    words: list[dict[str, Any]] = []
    at = 1.0
    while at < seconds - len(SAID):
        for word in SAID:
            words.append({"word": word, "start": at, "end": at + 0.25, "probability": 0.9})
            at += 0.32
        at += chance.uniform(1, 8)
    return words
