"""A value that is broken in the store, past every check, becomes one task that names its record."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from app.cli import main
from app.records.comparing import find_broken
from app.records.rebuilding import rebuild
from app.verifying.broken import raise_broken_records
from app.verifying.listing import list_tasks
from tests.verifying.conftest import START, Directory
from tests.verifying.test_tasks import LINE

LINJEN = "(SELECT id FROM resource WHERE slug = 'linjen')"
BREAKS = {
    "contact_points.telefon.opening_hours": "UPDATE contactpoint SET opening_hours = 'måndag till fredag'"
    f" WHERE resource_id = {LINJEN}",
    "contact_points.telefon.value": f"UPDATE contactpoint SET value = 'ring' WHERE resource_id = {LINJEN}",
    "contact_points.telefon.channel": f"UPDATE contactpoint SET channel = 'rök' WHERE resource_id = {LINJEN}",
    "resourcetext.name": f"UPDATE resourcetext SET name = '' WHERE resource_id = {LINJEN}",
    "resource.status": f"UPDATE resource SET status = 'okänd' WHERE id = {LINJEN}",
    "resourcearea": f"DELETE FROM resourcearea WHERE resource_id = {LINJEN}",
    "citation.locator": f"UPDATE citation SET locator = '?' WHERE subject_id = {LINJEN}",
    "openingexception": "INSERT INTO openingexception (id, contact_point_id, starts_on, ends_on, expression, reason_sv,"
    " reason_en) SELECT id, id, '2026-12-24', '2026-12-24', 'x', 'prov', 'test' FROM contactpoint"
    f" WHERE resource_id = {LINJEN}",
}
"""By the field that the task names: how the hotline is broken."""


NEXT_REVISION = (
    "INSERT INTO revision (number, record, family, kind, slug, document, digest, position, actor, origin, reason,"
    " edition, made_at) SELECT (SELECT max(number) + 1 FROM revision), record, family, kind, slug, :document, digest,"
    " position, actor, origin, reason, edition, made_at FROM revision WHERE slug = 'linjen' AND family = 'resource'"
)


def change(engine: Engine, *statements: str, **values: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement), values)


def test_each_broken_value_of_a_record_is_in_its_one_task_until_it_is_mended(directory: Directory) -> None:
    directory.site.pages["/sida"] = LINE
    directory.cite()
    directory.verify(0)
    assert directory.tasks() == []
    change(directory.engine, *BREAKS.values())
    directory.verify(1)
    directory.verify(2)
    assert directory.tasks() == [("broken_record", "hotlines/linjen")]
    with Session(directory.engine) as session:
        (task,) = list_tasks(session)
    assert [field for field in BREAKS if field not in task["why"]] == []
    assert "rebuild" in task["what_to_do"]
    assert rebuild(directory.engine, START)
    directory.verify(3)
    assert directory.tasks() == []


def test_the_path_and_the_name_of_an_area_and_the_address_of_a_source_are_looked_at_too(directory: Directory) -> None:
    directory.cite()
    change(
        directory.engine,
        "UPDATE area SET path = 'x' WHERE code = '1380'",
        "UPDATE source SET url = 'http://[x'",
    )
    with Session(directory.engine) as session:
        fields = [name for _, names in find_broken(session) for name in names]
    assert sorted(set(fields)) == ["area.path", "source.url"]


@pytest.mark.parametrize("document", ['{"id": "linjen"', '{"id": "linjen", "kind": "hotline"}'])
def test_a_document_that_no_longer_holds_is_a_task_after_migrating_and_hides_no_other(
    directory: Directory, document: str
) -> None:
    directory.site.pages["/sida"] = LINE
    directory.cite()
    directory.verify(0)
    change(directory.engine, NEXT_REVISION, document=document)  # as one that an older version still found right
    assert raise_broken_records(directory.engine, START + timedelta(days=1)) == 1
    assert raise_broken_records(directory.engine, START + timedelta(days=2)) == 1
    assert directory.tasks() == [("broken_record", "hotlines/linjen")]


def test_the_rebuild_that_a_task_asks_for_closes_it(directory: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    directory.cite()
    change(directory.engine, BREAKS["contact_points.telefon.value"])
    assert raise_broken_records(directory.engine, START) == 1
    address = directory.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("STODKATALOG_DATABASE_URL", address)
    main(["rebuild"])
    assert directory.tasks() == []
