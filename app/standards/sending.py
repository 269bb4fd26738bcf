"""Files are written whole before their first byte leaves, so that a slow reader holds neither a place nor the store."""

import threading
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Any

from fastapi.responses import StreamingResponse
from sqlmodel import Session
from starlette.types import Receive, Scope, Send

from app.http.problems import Unavailable

SENDING = threading.BoundedSemaphore(32)
"""How many files a process sends at a time: each takes a file descriptor and, on disk, as much as it holds."""

IN_MEMORY = 256 * 1024
"""Bytes of a file that wait in memory; a larger one waits on disk."""

PIECE = 64 * 1024


def one_of_few() -> Iterator[None]:
    """Be one of the few to whom a file is sent. Raises Unavailable."""
    if not SENDING.acquire(blocking=False):
        raise Unavailable("Too many files are being sent just now. Try again shortly.", headers={"Retry-After": "10"})
    try:
        yield
    finally:
        SENDING.release()


def send_file(session: Session, pieces: Iterator[bytes], *, is_head: bool, **answer: Any) -> StreamingResponse:
    """Write a file, let the store go, and answer with the file. `answer`: what StreamingResponse takes beside.

    Nothing is written where the body will not be sent.
    """
    if is_head:
        return StreamingResponse(iter((b"",)), **answer)
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # it is closed when it has been sent
    try:
        for piece in pieces:
            file.write(piece)
        session.close()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return WrittenFile(file, **answer)


class WrittenFile(StreamingResponse):
    """A file that is closed when its answer ends, also where the caller has gone before the first byte."""

    def __init__(self, file: "SpooledTemporaryFile[bytes]", **answer: Any) -> None:
        super().__init__(_read(file), **answer)
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, and close it whatever happens."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._file.close()


def _read(file: "SpooledTemporaryFile[bytes]") -> Iterator[bytes]:
    yield b""  # so that it is a stream, however short
    while piece := file.read(PIECE):
        yield piece
