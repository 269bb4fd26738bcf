"""Alembic's entry: migrations run on the connection that `app.migrating` hands over, or on the set database."""

from alembic import context
from sqlmodel import SQLModel

import app.main  # noqa: F401  # imports every model
from app.database import engine_for
from app.settings import load


def run(connection: object) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
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
