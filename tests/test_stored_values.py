"""Sessions that read for callers."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from app.database import engine_for
from app.resources.models import Resource
from app.seeding.files import Seed
from app.stored_values import ReadingSession
from tests import postgres
from tests.conftest import create_seeded
from tests.stores import Stores


@pytest.fixture(scope="module")
def url(stores: Stores, postgres_server: postgres.Server, tmp_path_factory: pytest.TempPathFactory, seed: Seed) -> str:
    """The real data on PostgreSQL."""
    return create_seeded(stores, tmp_path_factory.mktemp("store"), postgres_server, seed)


def test_what_is_read_often_stays_prepared_from_one_caller_to_the_next(url: str) -> None:
    engine = engine_for(url, for_callers=True)
    for _ in range(8):
        with ReadingSession(engine) as session:
            assert session.exec(select(Resource.slug).order_by(Resource.slug).limit(1)).all()
    with engine.connect() as connection:  # the same connection: nobody else has had another
        prepared = connection.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert any("resource.slug" in statement for statement in prepared)
    engine.dispose()


def test_whoever_only_reads_changes_nothing_and_the_next_may_write(url: str) -> None:
    engine = engine_for(url, for_callers=True)
    with ReadingSession(engine) as session, pytest.raises(DBAPIError, match="read-only transaction"):
        session.connection().execute(text("DELETE FROM resource"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE resource SET slug = slug"))
    engine.dispose()
