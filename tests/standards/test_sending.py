"""Files are sent while they are written: whole or visibly incomplete, and written once for all who ask for the same."""

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event

import httpx
import pytest
from sqlalchemy import ColumnElement
from sqlalchemy.exc import OperationalError

from app.resources.reading import Reading
from app.resources.schemas import ResourceShown
from app.standards import growing_files, sending
from app.standards.exports import reading, routes, workbook
from app.standards.exports.reading import Show
from tests.serving import PLAIN, Served

CSV, NDJSON, PACKAGE = "/v1/exports/resources.csv", "/v1/exports/resources.ndjson", "/v1/exports/datapackage.zip"
XLSX = "/v1/exports/resources.xlsx"
Batches = Iterator[Sequence[ResourceShown]]


class Held:
    """Lets each file be written up to the end of its first batch, and further when `release` is set."""

    def __init__(self) -> None:
        self.release = Event()
        self.begun: list[Show] = []
        self.batches, self.ended = 0, 0

    def read(self, asked: Reading, where: Sequence[ColumnElement[bool]], show: Show) -> Batches:
        self.begun.append(show)
        try:
            for batch in reading.batches(asked, where, show, 5):
                self.batches += 1
                yield batch
                assert self.release.wait(20)
        finally:
            self.ended += 1


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    held = Held()
    monkeypatch.setattr(routes, "batches", held.read)
    yield held
    held.release.set()


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


def connections(served: Served) -> int:
    """How many connections to the store are in use."""
    in_use: int = served.application.state.engine.pool.checkedout()
    return in_use


@pytest.mark.parametrize("path", [CSV, NDJSON, PACKAGE])
def test_the_first_bytes_arrive_while_the_rest_is_still_to_be_written(
    served: Served, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    whole = served.client.get(path)
    held = Held()
    monkeypatch.setattr(routes, "batches", held.read)
    with served.client.stream("GET", path) as answer:
        pieces = answer.iter_raw()
        first = next(pieces)
        assert (held.batches, held.ended) == (1, 0), "the file is not written yet"
        assert answer.headers["etag"] == whole.headers["etag"]
        assert served.client.head(path).headers["etag"] == whole.headers["etag"]
        known = served.client.get(path, headers={"If-None-Match": whole.headers["etag"]})
        assert (known.status_code, known.content) == (304, b"")
        assert served.client.get("/v1/hotlines?offset=1").status_code == 200
        held.release.set()
        rest = b"".join(pieces)
    assert len(first) > 100
    assert first + rest == whole.content


def test_a_crowd_that_asks_for_the_same_file_reads_one_that_is_written_once(served: Served, held: Held) -> None:
    def download(client: httpx.Client) -> bytes:
        with client.stream("GET", CSV) as answer:
            pieces = answer.iter_raw()
            content = next(pieces)
            readers.append(client)
            return content + b"".join(pieces)

    readers: list[httpx.Client] = []
    clients = [httpx.Client(base_url=served.address, timeout=20, verify=PLAIN) for _ in range(9)]
    with ThreadPoolExecutor(len(clients)) as crowd:
        answers = list[Future[bytes]](crowd.submit(download, client) for client in clients)
        wait_until(lambda: len(readers) == len(clients))
        assert connections(served) == 1, "those who only read hold nothing of the store"
        held.release.set()
        files = [answer.result() for answer in answers]
    for client in clients:
        client.close()
    assert len(held.begun) == 1
    assert set(files) == {served.client.get(CSV).content}


def test_a_reader_who_stops_reading_holds_nothing_of_the_store(served: Served) -> None:
    with served.client.stream("GET", NDJSON) as answer:
        wait_until(lambda: connections(served) == 0)
        assert answer.read().endswith(b"}\n")


def test_a_file_that_breaks_off_is_seen_to_be_incomplete_and_is_written_anew_for_the_next(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = served.client.get(CSV).content

    is_read = Event()

    def fail(asked: Reading, where: Sequence[ColumnElement[bool]], show: Show) -> Batches:
        yield next(reading.batches(asked, where, show, 5))
        is_read.wait(10)
        raise OperationalError("SELECT", {}, Exception())

    monkeypatch.setattr(routes, "batches", fail)
    with served.client.stream("GET", CSV) as answer:
        pieces = answer.iter_raw()
        assert whole.startswith(next(pieces))
        is_read.set()
        with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
            list(pieces)
    monkeypatch.undo()
    wait_until(lambda: connections(served) == 0)
    assert served.client.get(CSV).content == whole


@pytest.mark.parametrize("path", [CSV, NDJSON, PACKAGE, XLSX])
def test_a_file_that_fails_before_its_first_byte_is_a_problem_as_any_other(
    served: Served, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def fail(*_: object) -> Batches:
        raise OperationalError("SELECT", {}, Exception())
        yield

    monkeypatch.setattr(routes, "batches", fail)
    answer = served.client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert answer.headers["cache-control"] == "private, no-store"
    wait_until(lambda: connections(served) == 0)


def test_a_file_for_which_the_disk_has_no_room_is_503_and_is_written_when_there_is_room(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(growing_files, "TemporaryFile", partial(Path("/dev/full").open, "w+b"))
    answer = served.client.get(NDJSON)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "a file cannot be written: No space left on device" in caplog.text
    wait_until(lambda: connections(served) == 0)
    monkeypatch.setattr(growing_files, "TemporaryFile", partial(Path("/no/such/folder/file").open, "w+b"))
    assert served.client.get(NDJSON).status_code == 503
    monkeypatch.undo()
    for _ in range(growing_files.MOST + 1):  # none of the places is lost
        assert served.client.get(NDJSON).status_code == 200


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the library leaves its ZIP open
def test_a_workbook_that_cannot_be_packed_is_503_and_is_written_when_there_is_room(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(workbook, "TemporaryFile", partial(Path("/dev/full").open, "w+b"))
    answer = served.client.get(XLSX)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "a file cannot be written: No space left on device" in caplog.text
    monkeypatch.undo()
    assert served.client.get(XLSX).status_code == 200


@pytest.mark.parametrize("path", [CSV, XLSX])
def test_a_file_that_nobody_reads_any_more_is_not_written_further(
    served: Served, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    begun, ended = Event(), Event()

    def repeat(asked: Reading, where: Sequence[ColumnElement[bool]], show: Show) -> Batches:
        try:
            batch = next(reading.batches(asked, where, show, 5))
            for _ in range(1000):
                yield batch
                begun.set()
                time.sleep(0.02)
        finally:
            ended.set()

    monkeypatch.setattr(routes, "batches", repeat)
    host, port = served.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as caller:
        caller.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        assert begun.wait(10)
    assert ended.wait(10), "writing goes on for nobody"
    wait_until(lambda: connections(served) == 0)


def test_one_who_goes_away_takes_no_file_from_the_others(served: Served, held: Held) -> None:
    with served.client.stream("GET", NDJSON) as stays:
        pieces = stays.iter_raw()
        content = next(pieces)
        with httpx.Client(base_url=served.address, timeout=20, verify=PLAIN) as other, other.stream("GET", NDJSON):
            assert count_places() == 30
        wait_until(lambda: count_places() == 31)
        held.release.set()
        content += b"".join(pieces)
    assert len(held.begun) == 1
    assert content == served.client.get(NDJSON).content


def count_places() -> int:
    """How many more callers a file may be sent to."""
    places = 0
    while sending.SENDING.acquire(blocking=False):
        places += 1
    for _ in range(places):
        sending.SENDING.release()
    return places


def test_who_asks_for_one_file_too_many_is_told_to_come_again(
    served: Served, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    def download(kind: str) -> int:
        return httpx.get(f"{served.address}{CSV}?kind={kind}", timeout=20, verify=PLAIN).status_code

    with ThreadPoolExecutor(growing_files.MOST) as crowd:
        answers = [crowd.submit(download, kind) for kind in ("hotline", "course", "publication", "coordinator")]
        wait_until(lambda: connections(served) == growing_files.MOST)
        monkeypatch.setattr(growing_files, "LONGEST_WAIT", 0.1)
        refused = served.client.get(f"{CSV}?kind=program")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert served.client.get("/v1/hotlines?offset=2").status_code == 200
        held.release.set()
        assert {answer.result() for answer in answers} == {200}
