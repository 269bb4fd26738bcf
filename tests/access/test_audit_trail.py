"""Nothing is done that the audit trail does not tell: the entry is part of the same transaction as the act."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import SQLModel

from app.access.keys import KeyRequest, add_key
from app.access.models import AuditEntry
from tests.access.test_every_route_and_role import ADMIN, DECLARED, ROUTES, Scene, newsroom, scene

__all__ = ["newsroom", "scene"]

ONLY_LOOKS = {("POST", "/redaktion/forslag/{id}/visa")}
"""What is sent with a form and changes nothing."""
WRITES = [name for name in DECLARED if name[0] != "GET" and name not in ONLY_LOOKS]
OF_THE_TEST = {"auditentry", "consolesession"}
"""Tables that the test itself writes or takes away."""


@pytest.fixture(scope="module")
def admin(scene: Scene) -> Scene:
    """The same, and the key of an admin that is no test key, and was used today already."""
    token, _ = add_key(scene.newsroom.engine, KeyRequest("Driften", ADMIN), datetime.now(UTC))
    scene.client.get("/v1/keys/current", headers={"Authorization": f"Bearer {token}"})
    return replace(scene, tokens={(ADMIN, None): token})


def read_store(engine: Engine) -> dict[str, list[Any]]:
    """All rows, by table."""
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in OF_THE_TEST]
    with engine.connect() as connection:
        return {table.name: sorted(map(repr, connection.execute(table.select()))) for table in tables}


@contextmanager
def taking_away_the_trail(engine: Engine) -> Iterator[None]:
    """The table of the audit trail has another name meanwhile, so that nothing can be added to it."""
    name, away = AuditEntry.__tablename__, "auditentry_away"
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {name} RENAME TO {away}"))
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {away} RENAME TO {name}"))


def test_where_the_audit_trail_cannot_be_written_nothing_is_done(admin: Scene) -> None:
    engine = admin.newsroom.engine
    before = read_store(engine)
    with taking_away_the_trail(engine):
        statuses = {name: admin.ask(ROUTES[name], (ADMIN, None)).status_code for name in WRITES}
    assert {name: status for name, status in statuses.items() if status < 500} == {}
    assert read_store(engine) == before


def test_who_signs_in_is_written_down_or_not_let_in(admin: Scene) -> None:
    engine = admin.newsroom.engine
    code = admin.newsroom.link()
    with taking_away_the_trail(engine):
        refused = admin.client.post("/redaktion/logga-in", data={"kod": code})
        assert (refused.status_code, "set-cookie" in refused.headers) == (503, False)
    assert admin.client.post("/redaktion/logga-in", data={"kod": code}).status_code == 303
