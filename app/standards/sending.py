"""Files are sent while they are written: see `growing_files`."""

import threading
from collections.abc import Hashable, Iterator
from typing import Any

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.database import end_session
from app.http.problems import Unavailable
from app.standards.growing_files import GrowingFile, GrowingFiles, Pieces, Source

SENDING = threading.BoundedSemaphore(32)
"""How many files a process sends at a time: each takes a file descriptor and, on disk, as much as it holds."""


def one_of_few() -> Iterator[None]:
    """Be one of the few to whom a file is sent. Raises Unavailable."""
    if not SENDING.acquire(blocking=False):
        raise Unavailable("Too many files are being sent just now. Try again shortly.", headers={"Retry-After": "10"})
    try:
        yield
    finally:
        SENDING.release()


def send_file(pieces: Pieces, *, is_head: bool, key: Hashable | None = None, **answer: Any) -> StreamingResponse:
    """Answer with a file, which goes on to be written in the request's session. `answer`: what StreamingResponse takes.

    Callers with the same `key` share one file. Nothing is written where the body will not be sent.
    """
    if is_head:
        return StreamingResponse(iter((b"",)), **answer)
    return FileAnswer(pieces, key or object(), **answer)


class FileAnswer(StreamingResponse):
    """A file as it grows. Where writing fails half way, the connection ends before the answer does."""

    _file: GrowingFile

    def __init__(self, pieces: Pieces, key: Hashable, **answer: Any) -> None:
        super().__init__((), **answer)
        self._pieces, self._key = pieces, key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file from its beginning, until it has ended or the caller is gone."""
        files: GrowingFiles = scope["app"].state.files
        state = scope["state"]

        def begin() -> Source:
            return Source(state.pop("session"), self._pieces)

        async with files.open(self._key, state["turn"], begin) as file:
            await end_session(scope)  # of one who reads a file that was there already
            self._file, self.body_iterator = file, file.read()
            await super().__call__(scope, receive, send)

    async def stream_response(self, send: Send) -> None:
        """Begin when there are bytes, so that what fails before is answered as any other error."""
        await self._file.wait_for_bytes()
        await super().stream_response(send)
