"""Bringing the store's schema to the newest, or saying why it cannot be."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from app.database import begin_writing
from app.search.words import INDEXED
from app.settings import ROOT

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

_IDS = re.compile(r"""^(revision|down_revision)\b[^=\n]*=\s*["']([^"']*)["']""", re.MULTILINE)


class StoreError(Exception):
    """The store cannot be used as it is; the message is one line for whoever starts the service."""


def configuration(connection: Connection | None = None) -> "Config":
    """Alembic's configuration, over an open connection if one is given."""
    from alembic.config import Config  # noqa: PLC0415  # see is_newest

    config = Config(Path(ROOT) / "alembic.ini")
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))  # the folder may have a %
    config.attributes["connection"] = connection
    return config


def is_newest(engine: Engine) -> bool:
    """Whether the schema is the newest, told without Alembic: it need not be loaded to start a service."""
    try:
        with engine.connect() as connection:
            revisions = set(connection.scalars(text("SELECT version_num FROM alembic_version")))
    except DBAPIError:
        return False
    return revisions == _heads()


def list_known() -> set[str]:
    """The ids of all migrations of this version."""
    return {ids["revision"] for ids in _read_ids()}


def _heads() -> set[str]:
    """Whole ids of the migrations that no other one builds on."""
    return list_known() - {ids.get("down_revision") for ids in _read_ids()}


def _read_ids() -> list[dict[str, str]]:
    """The ids of each migration and of the one that it builds on, from the text of its file."""
    files = sorted((ROOT / "migrations" / "versions").glob("*.py"))
    named = [dict(_IDS.findall(file.read_text(encoding="utf-8"))) for file in files]
    return [ids for ids in named if "revision" in ids]


def is_empty(connection: Connection) -> bool:
    """Whether nothing was ever published."""
    return not connection.scalar(text("SELECT EXISTS (SELECT 1 FROM revision)"))


def lacks_index(connection: Connection) -> bool:
    """Whether there are records and no index to find them by, or that of an earlier version."""
    records, indexed = "EXISTS (SELECT 1 FROM revision)", "EXISTS (SELECT 1 FROM searchposting WHERE token = :indexed)"
    return bool(connection.scalar(text(f"SELECT {records} AND NOT {indexed}"), {"indexed": INDEXED}))


def is_ready(engine: Engine) -> bool:
    """Whether the store can be served as it is: newest schema, seeded, with its index."""
    if not is_newest(engine):
        return False
    with engine.connect() as connection:
        return not is_empty(connection) and not lacks_index(connection)


def explain_unready(engine: Engine) -> str | None:
    """Why the store cannot be served as it is, in a sentence for whoever operates it; None where it can."""
    try:
        with engine.connect() as connection:
            revision = current(connection)
            if revision is not None and revision not in list_known():
                return f"The schema {revision} is of a later version: start that one, or restore a backup with it."
            if {revision} != _heads():
                newest = ", ".join(sorted(_heads()))
                return f"The schema is {revision or 'missing'}, and has to be {newest}: run `stodkatalog prepare`."
            if is_empty(connection):
                return "It has no records: run `stodkatalog seed`."
            if lacks_index(connection):
                return "The index of search is missing, or that of another version: run `stodkatalog prepare`."
    except DBAPIError as error:
        return _reason(error)
    return None


Around = Callable[[Connection], AbstractContextManager[None]]
"""What is to be done before and after the migrations, on their connection."""


def migrate(engine: Engine, revision: str = "head", around: Around | None = None) -> bool:
    """Upgrade to a revision, with `around` in the same transaction; whether anything was done. Raises StoreError."""
    from alembic import command  # noqa: PLC0415  # see is_newest
    from alembic.util import CommandError  # noqa: PLC0415

    try:
        with begin_writing(engine, "migrate") as connection:
            current_revision = current(connection)
            refuse_newer(current_revision)
            if revision == "head" and current_revision == _scripts().get_current_head():
                return False
            with around(connection) if around else nullcontext():
                command.upgrade(configuration(connection), revision)
            return True
    except CommandError as error:
        raise StoreError(f"The migrations in {ROOT / 'migrations'} cannot be followed: {error}") from None
    except DBAPIError as error:
        where = engine.url.render_as_string()  # without the password
        raise StoreError(f"The store {where} (STODKATALOG_DATABASE_URL) cannot be opened: {_reason(error)}") from None


def current(connection: Connection) -> str | None:
    """The schema's revision; None in an empty store."""
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415  # see is_newest

    return MigrationContext.configure(connection).get_current_revision()


def refuse_newer(revision: str | None) -> None:
    """Raise StoreError for a schema that this version does not know."""
    known_revisions = {script.revision for script in _scripts().walk_revisions()}
    if revision is not None and revision not in known_revisions:
        raise StoreError(
            f"The store's schema is of revision {revision}, which this version does not know: "
            "it was made by a newer one. Start that version, or restore a backup with that version."
        )


def refuse_older(engine: Engine) -> None:
    """Raise StoreError where the schema is not the newest although everything was done to make it so."""
    if not is_newest(engine):
        folder, newest = ROOT / "migrations" / "versions", ", ".join(sorted(_heads())) or "none"
        raise StoreError(f"After migrating, the store's schema is not the newest in {folder}, which is {newest}.")


def _scripts() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory  # noqa: PLC0415  # see is_newest

    return ScriptDirectory.from_config(configuration())


def _reason(error: DBAPIError) -> str:
    return " ".join(str(error.orig).split()) or type(error.orig).__name__
