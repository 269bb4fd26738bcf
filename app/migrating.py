"""Bringing the store's schema to the newest, or saying why it cannot be."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from app.settings import ROOT

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory


class StoreError(Exception):
    """The store cannot be used as it is; the message is one line for whoever starts the service."""


def configuration(connection: Connection | None = None) -> "Config":
    """Alembic's configuration, over an open connection if one is given."""
    from alembic.config import Config  # noqa: PLC0415  # see is_newest

    config = Config(Path(ROOT) / "alembic.ini")
    config.attributes["connection"] = connection
    return config


def is_newest(engine: Engine) -> bool:
    """Whether the schema is the newest, told without Alembic: it need not be loaded to start a service."""
    newest = max(path.name.partition("_")[0] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))
    try:
        with engine.connect() as connection:
            found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    except DBAPIError:
        return False
    return bool(found == newest)


def is_empty(engine: Engine) -> bool:
    """Whether nothing was ever seeded."""
    with engine.connect() as connection:
        return not connection.scalar(text("SELECT EXISTS (SELECT 1 FROM resource)"))


def lacks_index(engine: Engine) -> bool:
    """Whether there are records and nothing to find them by: a migration may leave it so."""
    with engine.connect() as connection:
        records, found_by = "EXISTS (SELECT 1 FROM resource)", "EXISTS (SELECT 1 FROM searchposting)"
        return bool(connection.scalar(text(f"SELECT {records} AND NOT {found_by}")))


def migrate(engine: Engine, revision: str = "head") -> bool:
    """Upgrade to a revision; whether anything was done. Raises StoreError."""
    from alembic import command  # noqa: PLC0415  # see is_newest

    try:
        with engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
            if engine.dialect.name == "postgresql":
                # Of several processes that start at once, one migrates and the others find it done.
                connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('stodkatalog migrate'))"))
            found = current(connection)
            refuse_newer(found)
            if revision == "head" and found == _scripts().get_current_head():
                return False
            command.upgrade(configuration(connection), revision)
            return True
    except DBAPIError as error:
        where = engine.url.render_as_string()  # without the password
        raise StoreError(f"The store {where} (STODKATALOG_DATABASE_URL) cannot be opened: {_reason(error)}") from None


def current(connection: Connection) -> str | None:
    """The schema's revision; None in an empty store."""
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415  # see is_newest

    return MigrationContext.configure(connection).get_current_revision()


def refuse_newer(revision: str | None) -> None:
    """Raise StoreError for a schema that this version does not know."""
    known = {script.revision for script in _scripts().walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreError(
            f"The store's schema is of revision {revision}, which this version does not know: "
            "it was made by a newer one. Start that version, or restore a backup."
        )


def _scripts() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory  # noqa: PLC0415  # see is_newest

    return ScriptDirectory.from_config(configuration())


def _reason(error: DBAPIError) -> str:
    return " ".join(str(error.orig).split()) or type(error.orig).__name__
