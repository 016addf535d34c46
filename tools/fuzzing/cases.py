"""Case by number: which session it belongs to, and the bytes of every segment of that session."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fuzzing.mutations import LEAST, MOST, filled, mutate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fuzzing.seeds import Seed

CASES_A_SESSION = 5


@dataclass(frozen=True, slots=True)
class Case:
    """One segment to send.

    Attributes:
        number: Counts from 0 over the whole run.
        container: Of the seed it was made from.
        damage: What was done to it, in order.
        data: The segment.
    """

    number: int
    container: str
    damage: tuple[str, ...]
    data: bytes


def session(run: int, number: int, seeds: Sequence[Seed]) -> list[Case]:
    """The segments of session ``number`` of the run with the seed ``run``: the same each time they are asked for."""
    rng = random.Random(f"{run}/{number}")  # noqa: S311 - to be repeatable is the point
    first = number * CASES_A_SESSION
    if rng.random() < 0.35:
        return _pieces(rng, first, rng.choice([seed for seed in seeds if seed.long]), [seed.data for seed in seeds])
    return _files(rng, first, [seed for seed in seeds if not seed.long])


def _files(rng: random.Random, first: int, seeds: Sequence[Seed]) -> list[Case]:
    """Every segment a file of its own, of any container."""
    others = [seed.data for seed in seeds]
    cases = []
    for number in range(first, first + CASES_A_SESSION):
        seed = rng.choice(seeds)
        data, damage = mutate(rng, seed.data[:MOST], others)
        cases.append(Case(number, seed.name, tuple(damage), data))
    return cases


def _pieces(rng: random.Random, first: int, seed: Seed, others: Sequence[bytes]) -> list[Case]:
    """One file cut up: pieces damaged, missing, in another order, or followed by those of another file."""
    size = max(LEAST, min(MOST, len(seed.data) // CASES_A_SESSION))
    pieces = [seed.data[at : at + size] for at in range(0, len(seed.data), size)]
    order = list(range(CASES_A_SESSION))
    if rng.random() < 0.3:
        tail = order[1:]
        rng.shuffle(tail)
        order = [order[0], *tail]
    cases = []
    for number, index in enumerate(order, first):
        piece = pieces[index % len(pieces)]
        if rng.random() < 0.7:
            data, damage = mutate(rng, piece, others, most=2)
        else:
            data, damage = filled(rng, piece), ["in order" if order == sorted(order) else "out of order"]
        cases.append(Case(number, seed.name, tuple(damage), data))
    return cases
