"""What is sent: segments by the file they come from and the damage done to them, drawn by Hypothesis in sessions."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from tools.fuzzing.mutations import LEAST, MOST, MUTATIONS, filled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypothesis.strategies import SearchStrategy

    from tools.fuzzing.seeds import Seed

CASES_A_SESSION = 5
MOST_DAMAGE = 3


@dataclass(frozen=True, slots=True)
class Case:
    """One segment, by how it is made: written as ``mp4-pieces/2:cut=17,splice=3``, and read again from that.

    Attributes:
        seed: Name of the file it is made from.
        piece: Which piece of the file, where that is cut into pieces that continue each other.
        damage: What is done to it, in order: a mutation's name, and the number that its choices follow from.
    """

    seed: str
    piece: int | None
    damage: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        place = "" if self.piece is None else f"/{self.piece}"
        return f"{self.seed}{place}:{','.join(f'{name}={number}' for name, number in self.damage)}"

    __repr__ = __str__


def parsed(text: str) -> Case:
    """Read a case from what it is written as."""
    place, _, damage = text.partition(":")
    seed, _, piece = place.partition("/")
    done = [part.partition("=") for part in damage.split(",") if part]
    return Case(seed, int(piece) if piece else None, tuple((name, int(number)) for name, _, number in done))


def sessions(seeds: Sequence[Seed]) -> SearchStrategy[list[Case]]:
    """What one socket is sent: files of any container, or the pieces of one file in or out of order."""
    names = {long: [seed.name for seed in seeds if seed.long is long] for long in (False, True)}
    of_files = st.lists(_file(names[False]), min_size=CASES_A_SESSION, max_size=CASES_A_SESSION)
    of_pieces = st.sampled_from(names[True]).flatmap(_pieces)
    return st.integers(0, 2).flatmap(lambda kind: of_pieces if kind == 1 else of_files)


def segment(case: Case, seeds: Mapping[str, Seed]) -> bytes:
    """Make a case's bytes: the same each time."""
    others = [seed.data for seed in seeds.values()]
    whole = seeds[case.seed].data
    size = max(LEAST, min(MOST, len(whole) // CASES_A_SESSION))
    legal = whole[:MOST] if case.piece is None else whole[case.piece * size :][:size] or whole[:size]
    data = legal
    for name, number in case.damage:
        data = bytes(MUTATIONS[name](random.Random(number), bytearray(data), others)[:MOST]) or legal  # noqa: S311 - no secret
    return filled(random.Random(str(case)), data)  # noqa: S311 - likewise


def _damage(least: int, most: int) -> SearchStrategy[tuple[tuple[str, int], ...]]:
    one = st.tuples(st.sampled_from(sorted(MUTATIONS)), st.integers(0, 2**32 - 1))
    return st.lists(one, min_size=least, max_size=most).map(tuple)


def _file(names: Sequence[str]) -> SearchStrategy[Case]:
    return st.builds(Case, st.sampled_from(names), st.none(), _damage(1, MOST_DAMAGE))


def _pieces(name: str) -> SearchStrategy[list[Case]]:
    first, *rest = range(CASES_A_SESSION)
    order = st.just([first, *rest]) | st.permutations(rest).map(lambda tail: [first, *tail])
    damages = st.lists(_damage(0, MOST_DAMAGE - 1), min_size=CASES_A_SESSION, max_size=CASES_A_SESSION)
    return st.tuples(order, damages).map(
        lambda drawn: [Case(name, piece, damage) for piece, damage in zip(*drawn, strict=True)]
    )
