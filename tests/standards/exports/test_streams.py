"""Files are streams: from one snapshot, in batches, few at a time, and safe in a spreadsheet whatever is in them."""

import csv
import io
import json
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import openpyxl
import pytest
from sqlalchemy import ColumnElement, Engine, event
from sqlmodel import Session

from app.changes.models import Edition
from app.kinds import build_whole
from app.main import create_app
from app.opening_hours.live import this_minute
from app.resources.building import build_common
from app.resources.reading import Reading
from app.resources.schemas import ResourceShown
from app.seeding.files import Seed
from app.seeding.writing import write_seed
from app.settings import Settings
from app.standards import sending
from app.standards.exports import routes
from app.standards.exports.columns import RESOURCES
from app.standards.exports.datapackage import About, package_pieces
from app.standards.exports.reading import Show, batches
from app.standards.exports.workbook import workbook_pieces
from app.standards.exports.writing import Dialect, csv_pieces, ndjson_pieces, write_cell
from app.standards.hsds import answering
from app.texts import Language, Text
from tests.serving import Served, serve

NOW = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
DANGEROUS = ("=1+1", "+46 20", "-1", "@sum(a1)", "\t=1", "\r=1", "＝1", '=HYPERLINK("https://example.org")')


def reading(session: Session) -> Reading:
    """Somebody reads a file."""
    return Reading(
        session=session,
        base_url="https://katalog.example",
        language=Language.SWEDISH,
        at=this_minute(),
        live=True,
        lasting=NOW,
    )


@pytest.fixture
def writable(engine: Engine) -> Iterator[Served]:
    """The service over a store that the test writes to."""
    with serve(create_app(Settings(database_url=engine.url.render_as_string(hide_password=False)))) as running:
        yield running


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert write_cell(text) == f"'{text}"


def test_what_is_harmless_stays_as_it_is() -> None:
    assert [write_cell(cell) for cell in ("020-39 00 00", "tel:+4620390000", "", None, 5, True, False)] == [
        "020-39 00 00", "tel:+4620390000", "", "", "5", "true", "false",
    ]  # fmt: skip


def test_no_name_in_a_file_is_a_formula(engine: Engine, writable: Served, seed: Seed) -> None:
    lines = [
        seed.resources[0].model_copy(update={"id": f"line-{place}", "name": Text.model_construct(sv=name, en=name)})
        for place, name in enumerate(DANGEROUS)
    ]
    write_seed(engine, replace(seed, resources=lines, steps=[]), NOW)
    # Texts are kept without the white space around them.
    found = csv.DictReader(io.StringIO(writable.client.get("/v1/exports/resources.csv").content.decode(), newline=""))
    assert [row["name"] for row in found] == [f"'{name.strip()}" for name in DANGEROUS]
    book = openpyxl.load_workbook(io.BytesIO(writable.client.get("/v1/exports/resources.xlsx").content))
    cells = list(book["Resurser"].iter_rows(min_row=2, min_col=5, max_col=5))
    assert {cell.data_type for (cell,) in cells} == {"s"}
    assert [cell.value for (cell,) in cells] == [name.strip() for name in DANGEROUS]


def test_each_batch_takes_as_many_queries_and_none_is_left_out(database_url: str) -> None:
    app = create_app(Settings(database_url=database_url))
    ran: list[str] = []
    event.listen(app.state.engine, "before_cursor_execute", lambda *told: ran.append(told[2]))
    begun = "BEGIN"  # SQLAlchemy's own on SQLite, once a session
    taken: dict[int, tuple[list[str], list[int]]] = {}
    for size in (1, 3, 7):
        with Session(app.state.engine) as session:
            ids: list[str] = []
            each: list[int] = []
            for batch in batches(reading(session), [], build_common, size):
                ids += [one.id for one in batch]
                each.append(len([one for one in ran if not one.startswith(begun)]))
                ran.clear()
            ran.clear()
        taken[size] = ids, each
    assert taken[1][0] == taken[3][0] == taken[7][0]
    assert len(taken[1][0]) == len(set(taken[1][0])) > 50
    assert {queries for _, each in taken.values() for queries in each} == {2}
    app.state.engine.dispose()


def test_a_file_is_of_one_edition_even_if_the_next_comes_while_it_is_sent(
    engine: Engine, writable: Served, seed: Seed, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = replace(seed, resources=seed.resources[:12], steps=[])
    write_seed(engine, seed, NOW)
    before = writable.client.get("/v1/exports/resources.csv")

    def interrupted(
        asked: Reading, where: Sequence[ColumnElement[bool]], show: Show
    ) -> Iterator[Sequence[ResourceShown]]:
        source = batches(asked, where, show, 5)
        yield next(source)
        write_seed(engine, replace(seed, resources=seed.resources[:3]), NOW + timedelta(days=1), force=True)
        yield from source

    monkeypatch.setattr(routes, "batches", interrupted)
    during = writable.client.get("/v1/exports/resources.csv")
    monkeypatch.undo()
    after = writable.client.get("/v1/exports/resources.csv")
    assert during.content == before.content != after.content
    assert during.headers["etag"] == before.headers["etag"] != after.headers["etag"]


@pytest.mark.parametrize("seeded_engine", ["sqlite"], indirect=True)  # PostgreSQL keeps such a moment out
def test_a_record_that_cannot_be_read_is_left_out_and_no_other(
    seeded_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "BATCH", 5)
    database = seeded_engine.url.render_as_string(hide_password=False)
    with serve(create_app(Settings(database_url=database))) as running:

        def names() -> tuple[list[str], list[str]]:
            rows = running.client.get("/v1/exports/resources.csv").text
            lines = running.client.get("/hsds/v3/services?format=ndjson").text.splitlines()
            return [row["name"] for row in csv.DictReader(io.StringIO(rows))], [
                json.loads(one)["name"] for one in lines
            ]

        rows, lines = names()
        with seeded_engine.begin() as connection:
            broken = "UPDATE resource SET updated_at = 'snart' WHERE slug = 'nationella-stodtelefonen'"
            connection.exec_driver_sql(broken)
        assert [len(those) for those in names()] == [len(rows) - 1, len(lines) - 1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is measured is the writing
def test_the_memory_that_a_file_takes_does_not_grow_with_it(database_url: str) -> None:
    app = create_app(Settings(database_url=database_url))
    with Session(app.state.engine) as session:
        (batch, *_) = batches(reading(session), [], build_whole, 5)
    app.state.engine.dispose()
    about = About(Language.SWEDISH, Edition(number=1, made_at=NOW), "https://katalog.example/", "Stödkatalogen")
    made: dict[str, Callable[[int], Iterator[bytes]]] = {
        "csv": lambda times: csv_pieces(RESOURCES, repeated(batch, times), Dialect()),
        "ndjson": lambda times: ndjson_pieces(repeated(batch, times)),
        "xlsx": lambda times: workbook_pieces(repeated(batch, times), Language.SWEDISH, NOW),
        "zip": lambda times: package_pieces(repeated(batch, times), about),
    }
    for name, make in made.items():
        peak(make(1))
        small, large = peak(make(40)), peak(make(160))  # both longer than what is read at a time
        assert large < small * 1.3 + 50_000, name


def repeated(batch: Sequence[ResourceShown], times: int) -> Iterator[Sequence[ResourceShown]]:
    return (batch for _ in range(times))


def peak(pieces: Iterator[bytes]) -> int:
    """Bytes at the most while a file is made."""
    tracemalloc.start()
    try:
        for _ in pieces:
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_only_a_few_files_are_sent_at_a_time_and_the_api_answers_meanwhile(client: httpx.Client) -> None:
    taken = 0
    while sending.SENDING.acquire(blocking=False):
        taken += 1
    try:
        for file in ("/v1/exports/resources.csv?kind=course", "/hsds/v3/services?format=ndjson"):
            answer = client.get(file)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
        assert client.post("/hsds/v3/services", json={"format": "ndjson"}).status_code == 503
        for one in ("/v1/hotlines", "/hsds/v3/services"):
            assert client.get(one).status_code == 200
    finally:
        for _ in range(taken):
            sending.SENDING.release()
    assert taken == 32


def test_a_reader_who_leaves_makes_room_for_the_next(client: httpx.Client) -> None:
    until = time.monotonic() + 10
    for _ in range(8):
        while True:  # the service may notice a moment later that a reader has left
            with client.stream("GET", "/v1/exports/resources.ndjson") as answer:
                if answer.status_code == 200:
                    break
            assert time.monotonic() < until
            time.sleep(0.05)
