"""The event loop of the blocking clients: one for all of them, in a thread of its own."""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import threading
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

P = ParamSpec("P")
T = TypeVar("T")
LOOK_SECONDS: Final = 1.0
"""How often who waits looks for a signal. One that comes between Python's last look and the wait itself is noted, and
wakes nobody (signal(7): a handler interrupts only a call that is already blocking)."""


class _Background:
    """A loop that is started when it is first needed. Its thread is a daemon: it keeps no program from ending."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew: a fork has only the thread that forked, and the loop's is another."""
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def loop(self) -> asyncio.AbstractEventLoop:
        """Give the loop; it runs."""
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="interhuman-stream", daemon=True).start()
            return self._loop


_BACKGROUND: Final = _Background()
if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(after_in_child=_BACKGROUND.forget)


def wait_for(function: Callable[P, Coroutine[Any, Any, T]], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a coroutine function on the background loop, and wait for what it gives or raises.

    Any number of threads may do so at the same time. What interrupts the waiting (Ctrl-C) ends the work too.

    Raises:
        RuntimeError: The loop's own thread waits here, and would do so for ever.
    """
    loop = _BACKGROUND.loop()
    if asyncio._get_running_loop() is loop:  # noqa: SLF001 - the public one raises where there is none
        raise RuntimeError(
            "a blocking client was used in a callback of a blocking client (a watcher or a transport), where nothing "
            "may block; hand the work to another thread"
        )
    future = asyncio.run_coroutine_threadsafe(function(*args, **kwargs), loop)
    try:
        while not concurrent.futures.wait((future,), LOOK_SECONDS).done:
            pass
        return future.result()
    finally:
        future.cancel()  # nothing, where it is done
