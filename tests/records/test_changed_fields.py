"""A publication writes the tables of the fields that changed, and leaves the store as a rebuild makes it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import SQLModel

from app.records.documents import Document
from app.records.drafts import RecordChange
from app.records.kinds import KINDS
from app.records.rebuilding import rebuild
from app.records.references import replace_references
from app.records.tables import MAIN, parts_of
from tests.records.conftest import FIRST, Store

EXCEPTION = {"starts_on": "2026-12-24", "ends_on": "2026-12-26", "expression": "off"}
IN_COLUMNS_OF_ANOTHER_NAME = {"id", "code", "parent", "resource", "reason", "name", "description", "citations", "file"}
"""Fields that the main rows of records hold under other names, that tables of parts hold, or that no table holds."""


def set_field(name: str, value: Any) -> Callable[[Document], None]:
    def edit(document: Document) -> None:
        document[name] = value
        if name not in document["citations"][0]["fields"]:
            document["citations"][0]["fields"].append(name)

    return edit


def set_point(**values: Any) -> Callable[[Document], None]:
    def edit(document: Document) -> None:
        document["contact_points"][0] |= values
        fields = document["citations"][0]["fields"]
        fields += [name for value in values if (name := f"contact_points.telefon.{value}") not in fields]

    return edit


def end(document: Document) -> None:
    document["status"], document["stated_on"] = "current", "2026-11-01"


EDITS = {
    "name": set_field("name", {"sv": "En annan linje", "en": "Another line"}),
    "description": set_field("description", {"sv": "Vad som helst.", "en": "Anything."}),
    "organizations": set_field("organizations", [{"id": "myndigheten", "role": "funder"}]),
    "audiences": set_field("audiences", ["unga", "alla"]),
    "areas": set_field("areas", ["1380", "13"]),
    "ages": set_field("min_age", 18),
    "the day": end,
    "a number": set_point(value="+4620505050"),
    "languages": set_point(languages=["sv", "so"]),
    "exceptions": set_point(exceptions=[{**EXCEPTION, "reason": {"sv": "Jul", "en": "Christmas"}}]),
    "citations": lambda document: document["citations"][0].update(evidence="020-39", locator="rad 3"),
}


def test_whatever_field_of_a_line_changes_its_rows_are_as_a_rebuild_makes_them(store: Store) -> None:
    for name, edit in EDITS.items():
        assert store.change("hotline", "linjen", edit).edition is not None, name
        assert rebuild(store.engine, FIRST) == [], name


def test_two_coordinators_exchange_their_regions_in_one_publication(store: Store) -> None:
    """A region has one: the store refuses two even between two statements."""
    exchanged = {("area", "vast"): "ost", ("area", "ost"): "vast"}
    changes = []
    for slug in ("koordinator-vast", "koordinator-ost"):
        current = store.current("coordinator", slug)
        assert current is not None
        document = replace_references("coordinator", store.document("coordinator", slug), exchanged)
        changes.append(RecordChange("coordinator", slug, document, current.revision))
    store.publish(*changes)
    assert store.document("coordinator", "koordinator-vast")["coordination_region"] == "ost"
    assert rebuild(store.engine, FIRST) == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_field_of_a_record_is_kept_in_its_main_row_or_in_a_table_of_parts(kind: str) -> None:
    main: type[SQLModel] = MAIN[KINDS[kind].family]
    columns = {column.removesuffix("_sv").removesuffix("_en") for column in main.model_fields}
    columns |= main.model_fields.keys() | IN_COLUMNS_OF_ANOTHER_NAME
    parts = {field for part in parts_of(kind) for field in part.fields}
    assert KINDS[kind].shape.model_fields.keys() <= columns | parts
