"""Alembic's entry: migrations run on the connection that `app.migrating` hands over, or on the set database."""

from alembic import context
from sqlmodel import SQLModel

import app.main  # noqa: F401  # imports every model
from app.database import engine_for
from app.search.models import FTS_TABLE
from app.settings import load


def include_name(name: str | None, type_: str, parent_names: object) -> bool:
    """The full-text table and the tables behind it are SQLite's own; migrations make them by hand."""
    return not (type_ == "table" and name is not None and name.startswith(FTS_TABLE))


def run(connection: object) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        include_name=include_name,
        compare_type=True,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with engine_for(load().database_url).connect() as connection:
        run(connection)
        connection.commit()
