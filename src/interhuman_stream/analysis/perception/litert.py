"""One TFLite model on LiteRT: an array in, arrays out, no copy that is not needed, and nothing on stderr."""

from __future__ import annotations

import contextlib
import os
import threading
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from ai_edge_litert.interpreter import Interpreter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

# What LiteRT tells everybody once a process, whatever its settings: it has an option, a variable, a logger for none of
# it, so it is taken from what the process writes while the model is set up.
NOTICE: Final = b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n"
STDERR: Final = 2
# A process that was started meanwhile holds the pipe open for as long as it lives; the pipe is read on without us.
LONGEST_WAIT: Final = 1.0
_SETTING_UP: Final = threading.Lock()


class Model:
    """A model of one input, float32. One thread; not to be called from two at once."""

    def __init__(self, content: bytes) -> None:
        with without_notice():
            self._interpreter: Any = Interpreter(model_content=content, num_threads=1)
            self._interpreter.allocate_tensors()
        (detail,) = self._interpreter.get_input_details()
        self._input = self._interpreter.tensor(detail["index"])
        self._outputs = [detail["index"] for detail in self._interpreter.get_output_details()]

    def __call__(
        self, data: NDArray[np.uint8 | np.float32], scale: float = 1.0, shift: float = 0.0
    ) -> list[NDArray[np.float32]]:
        """Run on ``data * scale + shift``."""
        self.fill(data, scale, shift)
        self.run()
        return [self._interpreter.get_tensor(index) for index in self._outputs]

    def fill(self, data: NDArray[np.uint8 | np.float32], scale: float, shift: float) -> None:
        """Write ``data * scale + shift`` into the model's own memory."""
        # The view is gone when this returns: the interpreter does not run while anybody holds one.
        view = self._input()[0]
        np.multiply(data, np.float32(scale), out=view)
        if shift:
            view += np.float32(shift)

    def run(self) -> None:
        """Run on what was written."""
        self._interpreter.invoke()


@contextlib.contextmanager
def without_notice() -> Iterator[None]:
    """Keep ``NOTICE`` off stderr, of the whole process; whatever else is written meanwhile comes through, in order."""
    with _SETTING_UP:
        try:
            stderr = os.dup(STDERR)
        except OSError:  # it is closed: there is nothing to keep anything off
            yield
            return
        read, write = os.pipe()
        reader = threading.Thread(target=_pass_on, args=(read, stderr), name="stderr", daemon=True)
        reader.start()
        os.dup2(write, STDERR)
        os.close(write)
        try:
            yield
        finally:
            os.dup2(stderr, STDERR)
            reader.join(LONGEST_WAIT)


def _pass_on(read: int, stderr: int) -> None:
    with open(read, "rb") as lines, open(stderr, "wb", buffering=0) as out:
        for line in lines:
            if kept := line.replace(NOTICE, b""):  # what was written before may have ended in no line feed
                with contextlib.suppress(OSError):  # a full disk: nobody can be told
                    out.write(kept)
