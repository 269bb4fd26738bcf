"""Asking a service over connections that stay open, with little processor time of one's own."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import quantiles
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, and the milliseconds until it was there whole."""

    status: int
    milliseconds: float


class Caller:
    """One connection, for one request after the other. Answers with a length only, which streams have not."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "", parts.port or 80

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        return self

    async def __aexit__(self, _: type[BaseException] | None, __: object, ___: TracebackType | None) -> None:
        self._writer.close()

    async def ask(self, path: str) -> Answer:
        """Ask for a path, and read the whole answer; over a new connection where the service has ended this one."""
        began = time.perf_counter()
        try:
            status = await self._ask(path)
        except (asyncio.IncompleteReadError, ConnectionError):
            self._writer.close()
            await self.__aenter__()
            status = await self._ask(path)
        return Answer(status, (time.perf_counter() - began) * 1000)

    async def _ask(self, path: str) -> int:
        self._writer.write(request_for(path, f"{self._host}:{self._port}"))
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await self._reader.readexactly(int(length or 0))
        return int(head.split(maxsplit=2)[1])


def request_for(path: str, host: str) -> bytes:
    """The bytes of a GET."""
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: identity\r\n\r\n".encode()


async def ask_at_once(callers: Sequence[Caller], path: str) -> list[Answer]:
    """What all of them are answered who ask for the same at the same moment."""
    return list(await asyncio.gather(*(caller.ask(path) for caller in callers)))


async def ask_steadily(callers: Sequence[Caller], paths: Iterable[str], rate: float, seconds: float) -> list[Answer]:
    """Ask for paths in turn, so many a second together; what was due late counts from when it was due."""
    source, began, answers = iter(paths), time.perf_counter(), list[Answer]()

    async def call(caller: Caller, due: float) -> None:
        while due < began + seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            answer = await caller.ask(next(source))
            answers.append(Answer(answer.status, (time.perf_counter() - due) * 1000))
            due += len(callers) / rate

    await asyncio.gather(*(call(caller, began + nth / rate) for nth, caller in enumerate(callers)))
    return answers


def slowest(answers: Sequence[Answer]) -> float:
    """The milliseconds that 99 of 100 took at most."""
    return quantiles((answer.milliseconds for answer in answers), n=100)[98]
