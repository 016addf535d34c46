"""Where a command's words go: streams and files that cannot be written end it in one sentence, not in a traceback."""

from __future__ import annotations

import errno
import io
import json
import os
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Never, TextIO

import typer

from interhuman_stream.client.errors import NotWritten
from interhuman_stream.plain import sentence

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

STDIN, STDOUT, STDERR = range(3)
UNWRITTEN: Final = 1
UNWRITABLE: Final = 2
INTERRUPTED: Final = 130
"""What a shell says of a command that Ctrl-C ended: 128 and SIGINT's number."""


class _Stdout(io.FileIO):
    """stdout, whose failing has a name of its own: then no command need expect it wherever it prints.

    A closed pipe is none: whoever read has read enough.
    """

    _failed = False

    def write(self, data: ReadableBuffer, /) -> int:
        """Write, unless it has failed before: Python tries again when it ends."""
        size = memoryview(data).nbytes
        if self._failed:
            return size
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            self._failed = True
            why = "it is closed" if error.errno == errno.EBADF else error.strerror
            raise NotWritten(
                f"stdout cannot be written ({why}), and what was to be printed is lost; free some space or send it "
                "elsewhere"
            ) from None


class _Stderr(io.FileIO):
    """stderr, which may fail: there is nowhere else to say so, and what is on stdout is worth going on for."""

    def write(self, data: ReadableBuffer, /) -> int:
        """Write if it can be."""
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def prepare_streams() -> None:
    """See to it that stdout and stderr can be printed to: whatever the text, and whatever becomes of them."""
    _open_missing()
    sys.stdout = _replaced(sys.stdout, STDOUT, _Stdout)
    sys.stderr = _replaced(sys.stderr, STDERR, _Stderr)


def _open_missing() -> None:
    """Open what was closed: else the next file or socket would take its number, and be printed to.

    stdout so that writing to it fails, as gnulib's stdopen does; stderr so that it says nothing.
    """
    for number, flags in ((STDIN, os.O_RDONLY), (STDOUT, os.O_RDONLY), (STDERR, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, flags), True)  # it takes the lowest number that is free


def _replaced(stream: TextIO | None, number: int, kind: type[io.FileIO]) -> TextIO:
    """Give a stream over one of the kinds above, which prints what its encoding lacks as an escape.

    A file's name may be no text, and an encoding may know few characters; in JSON the escapes are JSON's own.
    """
    encoding = "utf-8"
    by_lines: bool | int = True
    if stream is not None:
        binary = getattr(stream, "buffer", None)
        raw = getattr(binary, "raw", binary)  # Python's -u leaves the buffer out
        if type(raw) is not io.FileIO:  # a Windows console, or somebody else's stream
            return stream
        encoding, by_lines = stream.encoding, stream.line_buffering or raw is binary
    writer = io.BufferedWriter(kind(number, "w", closefd=False))
    return io.TextIOWrapper(writer, encoding, "backslashreplace", line_buffering=bool(by_lines))


def file_name(path: Path) -> str:
    """Give a file's name as text, whatever bytes it is."""
    return sentence(os.fsencode(path.name).decode(errors="replace"))


def fail(message: object, code: int = 1) -> Never:
    """Say on stderr what is wrong, and leave."""
    typer.echo(sentence(message), err=True)
    raise typer.Exit(code)


def unusable(error: OSError, advice: str) -> str:
    """Name the file or folder that the system refused, why, and what to do."""
    return f"{error.filename or 'a file'} cannot be used ({error.strerror or error}); {advice}"


def check_writable(path: Path | None, option: str) -> None:
    """End the command where a file that it will write at its end cannot be written now."""
    if path is None:
        return
    try:
        _try_to_write(path)
    except OSError as error:
        fail(
            f"error: {option} cannot be written to {path} ({error.strerror}); nothing was begun: name a file in a "
            "folder that is there and has room",
            UNWRITABLE,
        )


def _try_to_write(path: Path) -> None:
    """Write a byte behind a file's end and take it back; a file that was not there is not left behind.

    Raises:
        OSError: It cannot be written.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = 0
    if stat.S_ISFIFO(mode):  # its reader would see an end
        return
    with path.open("ab", buffering=0) as file:
        if mode and not stat.S_ISREG(mode):
            os.write(file.fileno(), b"")  # which a device may refuse as well
            return
        size = file.tell()
        try:
            file.write(b"\n")
            file.truncate(size)
        finally:
            if not mode:
                path.unlink()


def json_text(document: Any) -> str:
    """Give a JSON document to print or to keep, in ASCII.

    So no stranger's words in it steer a terminal, half a character can be written, and a reader gets them back.
    """
    return json.dumps(document, indent=2)


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file, text as UTF-8: the whole of it, or what was there stays as it was.

    Raises:
        NotWritten: It cannot be written.
    """
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    try:
        _put(path, data)
    except OSError as error:
        raise NotWritten(f"{path} cannot be written ({error.strerror}); free some space or name another file") from None


def _put(path: Path, data: bytes) -> None:
    """Write a file beside the one that is meant, and put it in its place.

    What is no file (a pipe, a terminal, /dev/stdout) cannot be replaced, nor what stands in a folder where nothing may
    be made; those are written to.

    Raises:
        OSError: It cannot be written.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = 0
    if mode and not stat.S_ISREG(mode):
        path.write_bytes(data)
        return
    place = Path(os.path.realpath(path))  # of a link, what it leads to is replaced
    try:
        number, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=place.parent)
    except PermissionError:
        place.write_bytes(data)
        return
    try:
        with open(number, "wb") as file:  # noqa: PTH123 - it is open already
            file.write(data)
            file.flush()
            os.fsync(number)
        Path(name).chmod(stat.S_IMODE(mode) if mode else 0o666 & ~_umask())
        Path(name).replace(place)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _umask() -> int:
    """Give what new files are not to be; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def drawn_into(path: Path, picture: str | bytes) -> bool:
    """Write a picture and say so; whether it could be written."""
    try:
        write_file(path, picture)
    except NotWritten as error:
        said(error)
        return False
    typer.echo(f"drawn into {sentence(path)}", err=True)
    return True


def said(error: NotWritten) -> None:
    """Say that something is not written, where the command has more to do."""
    typer.echo(f"error: {sentence(error)}", err=True)
