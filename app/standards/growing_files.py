"""Files that are read while they are written: by a thread, from one snapshot of the store, for any number of readers.

A reader waits for the next bytes and for nothing else; the writer waits for no reader. So the store is held for as long
as writing takes, however slow a reader is.
"""

import asyncio
import logging
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Generator, Hashable
from contextlib import asynccontextmanager, closing, suppress
from contextvars import copy_context
from dataclasses import dataclass
from tempfile import TemporaryFile
from threading import Lock, Thread

from anyio import to_thread
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.http.problems import Unavailable
from app.http.turns import Turn, Turns, busy

log = logging.getLogger("stodkatalog")

MOST = 4
"""How many files a process writes at a time: each holds a connection to the store, and its snapshot."""

LONGEST_WAIT = 5.0
"""Seconds to wait until one of these is written, before the caller is told to come again."""

PIECE = 64 * 1024
"""Bytes that are read at a time."""

TURN_OF_A_THREAD = 0.0005
"""Seconds after which a thread has to let another go on, while files are written: others wait so long for the
interpreter each time that they need it. Python's own is ten times that."""

USUAL_TURN = sys.getswitchinterval()

PAUSE, MOST_PAUSES = 0.002, 20
"""Seconds to wait for answers that are being made, and how often in a row before the next piece is made anyway."""

Pieces = Generator[bytes, None, None]
"""What a file is made of, in order; an empty one where there is nothing to send yet."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a file is written from: its pieces, and the session whose snapshot they are read in, closed at their end."""

    session: Session
    pieces: Pieces


class GrowingFile:
    """A file that is being written, or has been. Its state changes in the event loop only."""

    def __init__(
        self,
        begin: Callable[[], Source],
        make_piece: Callable[[Pieces], bytes | None],
        on_end: Callable[[], None],
    ) -> None:
        self.readers = 0
        self.error: Exception | None = None
        self._file = TemporaryFile()  # noqa: SIM115  # it is closed when it has ended and has no reader
        self._size, self._has_ended, self._is_stopped = 0, False, False
        self._changed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._make_piece, self._on_end = make_piece, on_end
        Thread(target=copy_context().run, args=(self._write, begin()), daemon=True).start()

    async def wait_for_bytes(self) -> None:
        """Wait for the first bytes, or for the end of an empty file. Raises what writing it has raised."""
        while not self._size and not self._has_ended:
            await self._changed.wait()
        if self.error is not None:
            raise self.error

    async def read(self) -> AsyncIterator[bytes]:
        """The whole file, as it grows. Raises what writing it has raised: then it is incomplete."""
        yield b""  # so that it is a stream, however short
        place = 0
        while place < self._size or not self._has_ended:
            if place < self._size:
                piece = await to_thread.run_sync(os.pread, self._file.fileno(), PIECE, place)
                place += len(piece)
                yield piece
            else:
                await self._changed.wait()
        if self.error is not None:
            raise self.error

    def stop(self) -> None:
        """Nobody reads it any more: make no further piece, and let the file go."""
        self._is_stopped = True
        if self._has_ended:
            self._close()

    def _write(self, source: Source) -> None:
        """Write everything, in a thread of its own."""
        error: Exception | None = None
        try:
            with closing(source.pieces) as pieces:
                while not self._is_stopped and (piece := self._make_piece(pieces)) is not None:
                    self._file.write(piece)
                    self._file.flush()
                    self._loop.call_soon_threadsafe(self._grow, len(piece))
        except OSError as raised:
            error = refuse_unwritable(raised)
        except Exception as raised:  # its readers raise it
            error = raised
        finally:
            with suppress(DBAPIError):
                source.session.close()
            try:
                self._loop.call_soon_threadsafe(self._end, error)
            except RuntimeError:  # the loop is closed: the service has stopped
                self._close()

    def _grow(self, by: int) -> None:
        self._size += by
        if by:
            self._wake_readers()

    def _end(self, error: Exception | None) -> None:
        self.error, self._has_ended = error, True
        self._wake_readers()
        self._on_end()
        if self._is_stopped:
            self._close()

    def _close(self) -> None:
        with suppress(OSError):  # what could not be written is tried once more
            self._file.close()

    def _wake_readers(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


class GrowingFiles:
    """The files of a process that are being written or read, by what their bytes depend on."""

    def __init__(self) -> None:
        self._files: dict[Hashable, GrowingFile] = {}
        self._places = asyncio.Semaphore(MOST)
        self._writing = 0
        self._pen = Lock()
        """Held while a piece is made, so that many files take no more of the processor than one does."""

    @asynccontextmanager
    async def open(self, key: Hashable, turn: Turn, begin: Callable[[], Source]) -> AsyncIterator[GrowingFile]:
        """The file with this key while the block reads it: one that others read already, or one that begins now.

        The turn ends as soon as there is a file. Raises Unavailable where too many are being written.
        """
        file = self._files.get(key)
        if file is None or file.error is not None:
            file = self._files[key] = await self._begin(turn.turns, begin)
        turn.end()
        file.readers += 1
        try:
            yield file
        finally:
            file.readers -= 1
            if not file.readers:
                file.stop()
                if self._files.get(key) is file:
                    del self._files[key]

    async def _begin(self, turns: Turns, begin: Callable[[], Source]) -> GrowingFile:
        def make_piece(pieces: Pieces) -> bytes | None:
            with self._pen:
                piece = next(pieces, None)
            give_way(turns)
            return piece

        try:
            async with asyncio.timeout(LONGEST_WAIT):
                await self._places.acquire()
        except TimeoutError:
            raise busy() from None
        self._change_writing(1)
        try:
            return GrowingFile(begin, make_piece, self._end)
        except OSError as error:
            self._end()
            raise refuse_unwritable(error) from None
        except BaseException:
            self._end()
            raise

    def _end(self) -> None:
        self._change_writing(-1)
        self._places.release()

    def _change_writing(self, by: int) -> None:
        self._writing += by
        sys.setswitchinterval(TURN_OF_A_THREAD if self._writing else USUAL_TURN)


def refuse_unwritable(error: OSError) -> Unavailable:
    """The problem for a file that the system does not let us write, such as on a full disk; the log names the cause."""
    log.error("a file cannot be written: %s", error.strerror)
    detail = "The file cannot be written at the moment. The lists of /v1 answer as usual. Try again shortly."
    return Unavailable(detail, headers={"Retry-After": "60"})


def give_way(turns: Turns) -> None:
    """Let the answers that are being made go first, so long at most."""
    for _ in range(MOST_PAUSES):
        if not turns.held:
            return
        time.sleep(PAUSE)
