"""Bytes one way and what they decode to the other, between two threads: neither runs far ahead of the other."""

from __future__ import annotations

import threading
from collections import deque
from enum import Enum, auto
from typing import Generic, TypeVar

T = TypeVar("T")
# What may wait to be taken: a few pictures.
MOST_WAITING = 16
# As much as either side is woken for: a switch between threads costs more than a small packet.
SOME = MOST_WAITING // 2


class State(Enum):
    """What there is to say where nothing waits to be taken."""

    HUNGRY = auto()  # every byte has been used up
    FINISHED = auto()  # nothing comes any more
    BUSY = auto()  # something may come yet


class Abandoned(Exception):  # noqa: N818 - it says what is the case
    """Nobody waits for what is being decoded any more."""


class Pipe(Generic[T]):
    """A file that never ends until it is told to, and a short queue for what is made of it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._bytes: deque[memoryview] = deque()
        self._waiting: deque[T] = deque()
        self._ended = self._hungry = self._finished = self._abandoned = False

    # The side that gives bytes and takes what was made of them.

    def write(self, data: memoryview) -> None:
        """Give more bytes; they must not change."""
        if data:
            with self._changed:
                self._bytes.append(data)
                self._changed.notify_all()

    def end(self) -> None:
        """Say that these were all."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def abandon(self) -> None:
        """Take nothing any more: the other side is told so as soon as it reads or puts."""
        with self._changed:
            self._abandoned = True
            self._bytes.clear()
            self._waiting.clear()
            self._changed.notify_all()

    def get(self, seconds: float) -> T | State:
        """Take the next thing, or say how things stand; BUSY where nothing came for ``seconds``."""
        with self._changed:
            if not self._waiting:
                self._changed.wait_for(lambda: self._waiting or self._idle() is not State.BUSY, seconds)
            if not self._waiting:
                return self._idle()
            thing = self._waiting.popleft()
            if len(self._waiting) == SOME:
                self._changed.notify_all()
            return thing

    def _idle(self) -> State:
        if self._finished:
            return State.FINISHED
        return State.HUNGRY if self._hungry and not self._bytes and not self._ended else State.BUSY

    # The side that reads bytes and puts what it made of them.

    @property
    def abandoned(self) -> bool:
        """Whether nobody waits any more."""
        return self._abandoned

    def read(self, size: int) -> bytes:
        """Read some bytes, waiting for them; none at the end."""
        with self._changed:
            while not self._bytes and not self._ended and not self._abandoned:
                self._hungry = True
                self._changed.notify_all()
                self._changed.wait()
            self._hungry = False
            if not self._bytes:
                return b""
            first = self._bytes[0]
            if len(first) <= size:
                return bytes(self._bytes.popleft())
            self._bytes[0] = first[size:]
            return bytes(first[:size])

    def put(self, thing: T) -> None:
        """Put what was made; waits while as much waits as may.

        Raises:
            Abandoned: Nobody takes it.
        """
        with self._changed:
            self._changed.wait_for(lambda: len(self._waiting) < MOST_WAITING or self._abandoned)
            if self._abandoned:
                raise Abandoned
            self._waiting.append(thing)
            if len(self._waiting) == SOME:
                self._changed.notify_all()

    def finish(self) -> None:
        """Say that nothing comes any more."""
        with self._changed:
            self._finished = True
            self._changed.notify_all()
