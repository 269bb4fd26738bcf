"""Mutated, cut and pipelined requests, sent to our protocol and to uvicorn's own: the answers have to be the same."""

import argparse
import asyncio
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.main import create_app
from app.server.slow_clients import PatientProtocol
from app.settings import load

HOST = b"Host: directory.example\r\n"
LAST = b"GET /v1/none HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n"
KNOWN = (
    b"GET /v1/hotlines/sos-112 HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /v1/api-info HTTP/1.1\r\nAccept-Encoding: gzip\r\n" + HOST + b"\r\n",
    b"HEAD /v1/api-info HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /v1/api-info HTTP/1.1\r\nIf-None-Match: *\r\n" + HOST + b"\r\n",
    b"GET /v1/none HTTP/1.1\r\n" + HOST + b"\r\n",
    b"POST /v1/hotlines HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\n\r\nabcde",
    b"POST /v1/hotlines HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
    b"POST /v1/hotlines HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\nab",
    b"GET /v1/none HTTP/1.0\r\nConnection: keep-alive\r\n" + HOST + b"\r\n",
    b"OPTIONS /v1/hotlines HTTP/1.1\r\n" + HOST + b"\r\n",
)
PIECES = (b"\r\n", b"\n", b"\r", b" ", b":", b"\0", b"0", b"5\r\n", b"Connection: close\r\n", b"Content-Length: 3\r\n",
          b"Transfer-Encoding: chunked\r\n", b"GET ", b"HTTP/1.0", b"x" * 50, b"%", b"\xff", *KNOWN)  # fmt: skip
RESET = b"HTTP/1.1 000 the connection was reset"
"""Stands at the end of what came back on such a connection."""

IDLE, PATIENT = 0.5, 3.0
"""Seconds without a byte, after which no more is expected: at first, and when a difference is tried again."""

VARYING = re.compile(rb"(?:traceparent: 00-[0-9a-f-]+|date: [^\r]+|max-age=\d+)")
REFUSAL = re.compile(
    rb"HTTP/1\.1 (?:400 Bad Request|501 Not Implemented)\r\n(?:(?!\r\n\r\n).)*connection: close", re.DOTALL
)
HEAD = re.compile(rb"(?=HTTP/1\.1 \d{3} )")
TRAILER = re.compile(rb"\r\n0+\r\n(?!\r\n)")
"""The end of a chunked body with fields after it: uvicorn takes them for headers, ours does not (RFC 9110, 6.5)."""


def make_pipeline(dice: Random) -> tuple[bytes, ...]:
    """The parts in which one stream of requests arrives; the last request asks to end the connection."""
    stream = b"".join(dice.choices(KNOWN, k=dice.randint(1, 5)))
    for _ in range(dice.choice((0, 0, 0, 1, 1, 2))):
        stream = _mutate(stream, dice)
    stream += LAST
    places = sorted(dice.sample(range(1, len(stream)), dice.choice((0, 0, 1, 2, 4))))
    return tuple(stream[start:end] for start, end in zip([0, *places], [*places, len(stream)], strict=True))


def _mutate(stream: bytes, dice: Random) -> bytes:
    start = dice.randrange(len(stream) + 1)
    end = min(len(stream), start + dice.choice((0, 0, 1, 1, 4, 30)))
    return stream[:start] + dice.choice((*PIECES, b"", b"", b"")) + stream[end:]


@dataclass(frozen=True, slots=True)
class Difference:
    """What the two protocols answered to one stream."""

    parts: tuple[bytes, ...]
    ours: list[bytes]
    theirs: list[bytes]


def agree(ours: Sequence[bytes], theirs: Sequence[bytes]) -> bool:
    """Whether the answers are the same.

    uvicorn refuses what it cannot read at once, without the answers to the requests before it; ours come first. Where a
    connection ends while more arrives, the system may drop answers that have been sent: the others are compared.
    """
    certain, known = _drop_uncertain(ours), _drop_uncertain(theirs)
    if len(certain) == len(ours) and len(known) == len(theirs):
        return ours == theirs
    return all(one == other for one, other in zip(certain, known, strict=False))


def _drop_uncertain(answers: Sequence[bytes]) -> Sequence[bytes]:
    if answers and answers[-1] == RESET:
        answers = answers[:-1]
    return answers[:-1] if answers and REFUSAL.match(answers[-1]) else answers


def split_answers(received: bytes) -> list[bytes]:
    """Each answer, without what is another each time."""
    return [answer for answer in HEAD.split(VARYING.sub(b"", received)) if answer]


class Pair:
    """The service on both protocols, in this event loop."""

    def __init__(self, application: Any) -> None:
        protocols = (PatientProtocol, HttpToolsProtocol)
        self._servers = [uvicorn.Server(_configure(application, protocol)) for protocol in protocols]
        self._tasks: list[asyncio.Task[None]] = []
        self.ports: list[int] = []
        self.answered = 0

    async def __aenter__(self) -> "Pair":
        for server in self._servers:
            self._tasks.append(asyncio.create_task(server._serve()))  # serve() would take the signals of this process
            while not server.started:
                await asyncio.sleep(0.01)
            self.ports.append(server.servers[0].sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in self._servers:
            server.should_exit = True
        await asyncio.gather(*self._tasks)

    async def compare(self, parts: tuple[bytes, ...], idle: float = IDLE) -> Difference | None:
        """Send these parts to both; None if the answers are the same."""
        ours, theirs = [split_answers(await exchange(port, parts, idle)) for port in self.ports]
        self.answered += bool(_drop_uncertain(ours) and _drop_uncertain(theirs))
        return None if agree(ours, theirs) else Difference(parts, ours, theirs)


async def exchange(port: int, parts: Sequence[bytes], idle: float = IDLE) -> bytes:
    """What comes back until the connection ends, or nothing more comes: a stream may end within a request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    received = bytearray()
    try:
        for part in parts:
            writer.write(part)
            await asyncio.sleep(0.001 if len(parts) > 1 else 0)
        while piece := await asyncio.wait_for(reader.read(65_536), idle):
            received += piece
    except ConnectionError:
        received += RESET
    except TimeoutError:
        pass
    writer.transport.abort()
    return bytes(received)


async def compare_many(application: Any, number: int, seed: int, at_once: int, seconds: float) -> "Comparison":
    """Compare so many pipelines, or as many as the time allows. What differs is tried three times more."""
    comparison, over = Comparison(), time.monotonic() + seconds
    seeds = iter(range(seed, seed + number))

    async def work() -> None:
        for nth in seeds:
            if time.monotonic() > over:
                return
            parts = make_pipeline(Random(nth))
            comparison.pipelines += 1
            if TRAILER.search(b"".join(parts)):
                comparison.left_out += 1
                continue
            tries = [await pair.compare(parts)]
            while tries[-1] is not None and len(tries) < 4:
                tries.append(await pair.compare(parts, PATIENT))
            if tries[-1] is not None:
                comparison.differences.append(tries[-1])
            comparison.repeated += len(tries) > 1

    async with Pair(application) as pair:
        await asyncio.gather(*(work() for _ in range(at_once)))
        comparison.answered = pair.answered
    return comparison


class Comparison:
    """What a run has found."""

    def __init__(self) -> None:
        self.pipelines = 0
        self.left_out = 0
        """Pipelines with a trailer, which are not compared: tests/server/test_requests.py says what ours does."""
        self.repeated = 0
        """Pipelines whose first comparison differed, by the moment at which their parts arrived or for good."""
        self.differences: list[Difference] = []
        self.answered = 0
        """Pipelines with an answer of both that is compared: one that only sees refusals compares nothing."""


def _configure(application: Any, protocol: type[asyncio.Protocol]) -> uvicorn.Config:
    return uvicorn.Config(
        application, port=0, http=protocol, ws="none", access_log=False, log_config=None,
        server_header=False, log_level="critical", lifespan="off", timeout_graceful_shutdown=1,
    )  # fmt: skip


def main() -> None:
    """Compare, and end with 1 if anything differs for good."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pipelines", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=3_600)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    began = time.monotonic()
    found = asyncio.run(compare_many(create_app(load()), asked.pipelines, asked.seed, 16, asked.seconds))
    print(f"{found.pipelines} pipelines in {time.monotonic() - began:.0f} s, {found.repeated} compared again, "
          f"{len(found.differences)} different; {found.answered} with answers to compare; {found.left_out} with "
          "trailers not compared")  # fmt: skip
    for difference in found.differences[:20]:
        print(*difference.parts, sep="\n  ")
        print("  ours  ", [answer[9:12] for answer in difference.ours])
        print("  theirs", [answer[9:12] for answer in difference.theirs])
    sys.exit(bool(found.differences))


if __name__ == "__main__":
    main()
