"""A PostgreSQL whose disk is full: publishing is a 503 and seeding one line, nothing is lost, and both go on later.

No file of the server may grow beyond 16 MiB (the size of a segment of its log), and the table of revisions has grown
that far. The server takes the refusal of the system for a full disk, on any machine and for any user.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection, text
from sqlmodel import Session

from app.access.keys import KeyRequest, add_key
from app.access.models import KeyRole
from app.cli import main
from app.database import engine_for
from app.main import create_app
from app.migrating import migrate
from app.records.models import Revision
from app.records.rebuilding import fingerprint
from app.records.writing import table_of
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import Settings
from tests import postgres
from tests.records.conftest import FIRST, Store
from tests.seeding.small import edit
from tests.serving import serve

SIZE = 16 * 1024 * 1024
ROWS = SIZE // 400
"""Each takes more with all its columns, and less than any revision, so that none fits in what they leave of a page."""


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    """A server of our own, whatever other one the tests may use."""
    with postgres.own_server() as started:
        yield started


def grow_revisions(connection: Connection) -> None:
    """Let the file of the table grow by `SIZE`, without a row more in the table, and leave no page with room."""
    instead = {"number": "1000000 + n", "document": "repeat('x', 200)"}
    names = [column.name for column in table_of(Revision).columns]
    values = ", ".join(instead.get(name, f'"first"."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    rows = f"SELECT {values} FROM (SELECT * FROM revision LIMIT 1) AS first, generate_series(:from, :to) AS n"
    insert = text(f"INSERT INTO revision ({columns}) {rows} RETURNING (ctid::text::point)[1]::int")
    with connection.begin() as undone:
        places = connection.scalars(insert, {"from": 1, "to": ROWS}).all()
        more, place = ROWS, places[-1]
        while place < max(places[-200:]):  # until the last page is as full as those before
            more += 1
            place = connection.scalars(insert, {"from": more, "to": more}).one()
        undone.rollback()
    assert connection.scalar(text("SELECT pg_relation_size('revision')")) >= SIZE


@pytest.fixture
def store(server: postgres.Server, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The small directory on it, whose table of revisions has grown as far as it may, for commands as well."""
    url = server.create_database()
    monkeypatch.setenv("STODKATALOG_DATABASE_URL", url)
    monkeypatch.setenv("STODKATALOG_SEED_DIR", str(folder))
    store = Store(engine_for(url))
    migrate(store.engine)
    write_seed(store.engine, read_seed(folder), FIRST)
    with store.engine.connect() as connection:
        grow_revisions(connection)
    yield store
    store.engine.dispose()


def propose(store: Store, client: httpx.Client) -> httpx.Response:
    """Ask for another summary of a hotline, as an editor with a new key."""
    token, _ = add_key(store.engine, KeyRequest("Redaktionen", KeyRole.EDITOR), datetime.now(UTC))
    current = store.current("hotline", "linjen")
    assert current is not None
    request = {"record": "hotlines/linjen", "base_revision": current.revision, "reason": "The page says so.",
               "patch": {"summary": {"sv": "En annan linje."}}, "publish": True}  # fmt: skip
    return client.post("/v1/proposals", json=request, headers={"Authorization": f"Bearer {token}"})


def test_a_full_disk_refuses_publishing_and_seeding_loses_nothing_and_both_go_on_when_there_is_room(
    server: postgres.Server,
    store: Store,
    folder: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    edit(folder, "hotlines.toml", '"The line"', '"The new line"')
    before = digest_all(store)
    url = store.engine.url.render_as_string(hide_password=False)
    server.limit_files(SIZE)

    with serve(create_app(Settings(database_url=url))) as running:
        refused = propose(store, running.client)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert "cannot be changed at the moment" in refused.json()["detail"]
        assert "the store failed on /proposals: InternalError XX000 INSERT revision" in caplog.text
        assert running.client.get("/v1/hotlines/linjen").json()["summary"] == "En linje."
        with pytest.raises(SystemExit) as ended:
            main(["seed"])
        words = str(ended.value)
        assert words.startswith("stodkatalog: The store cannot be used: could not extend file")
        assert words.endswith("HINT: Check free disk space.")
        assert digest_all(store) == before

        server.limit_files(-1)
        assert propose(store, running.client).status_code == 201
        main(["seed"])
        assert capsys.readouterr().out.startswith("0 added, 1 changed")
        now = running.client.get("/v1/hotlines/linjen", headers={"Accept-Language": "en"}).json()
        assert now["name"] == "The new line"
        assert store.document("hotline", "linjen")["summary"]["sv"] == "En annan linje."


def digest_all(store: Store) -> dict[str, str]:
    with Session(store.engine) as session:
        return fingerprint(session)
