"""Stores for tests: each sort is filled once in a run and then copied, which takes milliseconds instead of seconds."""

import shutil
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from app.database import engine_for
from app.migrating import migrate
from tests import postgres


class Stores:
    """Makes stores on SQLite, and on PostgreSQL where it is given a server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._templates: dict[tuple[str, str], str] = {}

    def create(self, folder: Path, server: postgres.Server | None, sort: str, fill: Callable[[Engine], object]) -> str:
        """The address of a new store with its schema, filled as all others of this sort."""
        key = sort, "sqlite" if server is None else "postgresql"
        if key not in self._templates:
            template = create_empty(self._folder / sort, server)
            engine = engine_for(template)
            migrate(engine)
            fill(engine)
            engine.dispose()  # a database with a connection to it cannot be copied
            self._templates[key] = template
        if server is not None:
            return server.create_database(self._templates[key])
        copy = create_empty(folder, None)
        shutil.copyfile(self._templates[key].removeprefix("sqlite:///"), copy.removeprefix("sqlite:///"))
        return copy


def create_empty(folder: Path, server: postgres.Server | None) -> str:
    """The address of a new store without a schema: a file in `folder`, or a database of `server`."""
    if server is not None:
        return server.create_database()
    folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{folder / 'store.sqlite3'}"


def discard(store: Engine | str, server: postgres.Server | None) -> None:
    """Let go of a store, so that the run's last minute is not spent on deleting hundreds of them."""
    if isinstance(store, Engine):
        store.dispose()
        store = store.url.render_as_string(hide_password=False)
    if server is not None:
        server.drop_database(store)
