"""Bringing the store's schema to the newest, or saying why it cannot be."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from app.settings import ROOT


class StoreError(Exception):
    """The store cannot be used as it is; the message is one line for whoever starts the service."""


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, over an open connection if one is given."""
    config = Config(Path(ROOT) / "alembic.ini")
    config.attributes["connection"] = connection
    return config


def migrate(engine: Engine, revision: str = "head") -> bool:
    """Upgrade to a revision; whether anything was done. Raises StoreError."""
    try:
        with engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
            if engine.dialect.name == "postgresql":
                # Of several processes that start at once, one migrates and the others find it done.
                connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('stodkatalog migrate'))"))
            found = current(connection)
            refuse_newer(found)
            if revision == "head" and found == ScriptDirectory.from_config(configuration()).get_current_head():
                return False
            command.upgrade(configuration(connection), revision)
            return True
    except DBAPIError as error:
        raise StoreError(f"The store cannot be opened: {_reason(error)}") from None


def current(connection: Connection) -> str | None:
    """The schema's revision; None in an empty store."""
    return MigrationContext.configure(connection).get_current_revision()


def refuse_newer(revision: str | None) -> None:
    """Raise StoreError for a schema that this version does not know."""
    known = {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreError(
            f"The store's schema is of revision {revision}, which this version does not know: "
            "it was made by a newer one. Start that version, or restore a backup."
        )


def _reason(error: DBAPIError) -> str:
    return " ".join(str(error.orig).split()) or type(error.orig).__name__
