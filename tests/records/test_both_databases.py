"""The same publications leave the same store on SQLite and on PostgreSQL, to the last row."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import SQLModel

from app.database import engine_for
from app.records.documents import Document
from app.records.drafts import RecordChange
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from tests import postgres
from tests.records.conftest import FIRST, Store
from tests.seeding.small import edit
from tests.stores import Stores, discard


def list_rows(engine: Engine) -> dict[str, list[str]]:
    """Every row of every table; databases sort texts by different rules."""
    with engine.connect() as connection:
        return {
            table.name: sorted(repr(sorted(row.items())) for row in connection.execute(table.select()).mappings())
            for table in SQLModel.metadata.sorted_tables
        }


def publish_all(store: Store, folder: Path) -> None:
    """Change, rename, remove, add again and seed."""

    def rewrite(document: Document) -> None:
        document["summary"]["sv"] = "Råd på åtta språk."
        document["contact_points"][0]["value"] = "+4620505050"

    store.change("hotline", "linjen", rewrite)
    store.change("hotline", "linjen", lambda document: document.update(id="nya-linjen"))
    store.change("organization", "myndigheten", lambda document: document["name"].update(sv="Verket"))
    document, gone = store.document("coordinator", "koordinator-ost"), store.current("coordinator", "koordinator-ost")
    assert gone is not None
    store.publish(RecordChange("coordinator", "koordinator-ost", None, gone.revision))
    store.publish(RecordChange("coordinator", "koordinator-ost", document))
    edit(folder, "hotlines.toml", 'sv = "Linjen"', 'sv = "Stödlinjen"')
    write_seed(store.engine, read_seed(folder), FIRST + timedelta(days=1))


def test_the_same_publications_make_the_same_store(
    tmp_path: Path, folder: Path, stores: Stores, postgres_server: postgres.Server
) -> None:
    filled = list[dict[str, list[str]]]()
    original = (folder / "hotlines.toml").read_text("utf-8")
    for server in (None, postgres_server):
        (folder / "hotlines.toml").write_text(original, "utf-8")
        engine = engine_for(
            stores.create(tmp_path, server, "small", lambda engine: write_seed(engine, read_seed(folder), FIRST))
        )
        publish_all(Store(engine), folder)
        filled.append(list_rows(engine))
        discard(engine, server)
    on_sqlite, on_postgresql = filled
    assert len(on_sqlite["revision"]) > 20
    for table, rows in on_sqlite.items():
        assert rows == on_postgresql[table], table
