"""What goes over the kinds goes over their declarations: another kind is a folder, a name and a migration."""

import json
import subprocess
import sys
import tomllib
from dataclasses import MISSING, fields
from functools import partial
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from pydantic import ValidationError

from app.kinds import DECLARATIONS
from app.migrating import configuration
from app.records.shapes import ResourceRecord
from app.resources.declaration import KindDeclaration
from app.resources.kind import Kind, KindProfile
from app.resources.schemas import ResourceShown
from app.settings import ROOT
from tests.seeding import small
from tests.shelters import SEED, copy_with_shelters

SERVICE = """
import asyncio, json, sys
from datetime import UTC, datetime
from pathlib import Path

import httpx

from app.database import engine_for
from app.main import create_app
from app.migrating import migrate
from app.seeding.checking import read_seed
from app.seeding.writing import write_seed
from app.settings import Settings

url = "sqlite:///store.sqlite3"
engine = engine_for(url)
migrate(engine)
write_seed(engine, read_seed(Path("seed")), datetime(2026, 11, 21, 12, tzinfo=UTC))


async def ask(addresses):
    transport = httpx.ASGITransport(create_app(Settings(database_url=url)))
    async with httpx.AsyncClient(transport=transport, base_url="http://directory.example") as client:
        return {address: (await client.get(address)).text for address in addresses}


print(json.dumps(asyncio.run(ask(sys.argv[1:]))))
"""
ADDRESSES = (
    "/v1/shelters", "/v1/shelters/huset?lang=en", "/v1/shelters?pets=true", "/v1/shelters?pets=perhaps",
    "/v1/search?q=shelter", "/v1/resources?kind=shelter", "/v1/exports/resources.csv?kind=shelter", "/hsds/v3/services",
    "/v1/resources.jsonld?kind=shelter", "/sv/skyddade-boenden", "/en/resources/huset", "/sv/", "/v1/openapi.json",
)  # fmt: skip


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a service answers to which a kind was added: a folder, a name and a migration."""
    folder = tmp_path_factory.mktemp("shelters")
    copy_with_shelters(folder, ScriptDirectory.from_config(configuration()).get_current_head())
    small.write_folder(folder / "seed")
    (folder / "seed" / "shelters.toml").write_text(SEED, "utf-8")
    (folder / "seed" / "everyday_words.toml").write_text("words = []", "utf-8")
    (folder / "serve.py").write_text(SERVICE, "utf-8")
    command = [sys.executable, "serve.py", *ADDRESSES]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=90)
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def ids_in(answer: str) -> list[str]:
    return [item["id"] for item in json.loads(answer)["items"]]


def test_another_kind_is_listed_fetched_and_filtered(answers: dict[str, str]) -> None:
    assert ids_in(answers["/v1/shelters"]) == ids_in(answers["/v1/resources?kind=shelter"]) == ["huset", "torpet"]
    house = json.loads(answers["/v1/shelters/huset?lang=en"])
    assert (house["kind"], house["name"], house["pets"]) == ("shelter", "The house", True)
    assert ids_in(answers["/v1/shelters?pets=true"]) == ["huset"]
    assert json.loads(answers["/v1/shelters?pets=perhaps"])["status"] == 422


def test_another_kind_is_found_by_its_name_and_documented(answers: dict[str, str]) -> None:
    assert set(ids_in(answers["/v1/search?q=shelter"])) == {"huset", "torpet"}
    document = json.loads(answers["/v1/openapi.json"])
    assert "/shelters/{id}" in document["paths"]
    assert {"name": "shelters", "description": "Skyddade boenden. / Shelters."} in document["tags"]


def test_another_kind_is_exported_and_told_in_the_standards(answers: dict[str, str]) -> None:
    header, house, cottage = answers["/v1/exports/resources.csv?kind=shelter"].strip().splitlines()
    place = header.split(",").index("pets")
    assert (house.split(",")[place], cottage.split(",")[place]) == ("true", "")
    services = {one["name"] for one in json.loads(answers["/hsds/v3/services"])["contents"]}
    assert {"Huset", "Torpet"} <= services
    things = json.loads(answers["/v1/resources.jsonld?kind=shelter"])
    assert [(one["@type"], one["name"]) for one in things] == [("Service", "Huset"), ("Service", "Torpet")]


def test_another_kind_has_its_pages(answers: dict[str, str]) -> None:
    assert "/sv/resurser/huset" in answers["/sv/skyddade-boenden"]
    assert answers["/sv/"].count("/sv/skyddade-boenden") == 2  # in the menu, and among what else there is
    page = answers["/en/resources/huset"]
    assert "<dt>Pets</dt><dd>" in page
    assert page.index("<dt>Pets</dt><dd>") < page.index("yes")


@pytest.mark.parametrize("kind", Kind)
def test_what_a_kind_is_called_is_all_there(kind: Kind) -> None:
    said = tomllib.loads((ROOT / "app" / kind.folder / "kind.toml").read_text("utf-8"))
    for name, info in KindProfile.model_fields.items():
        if info.is_required():
            with pytest.raises(ValidationError, match=name):
                KindProfile.model_validate({key: value for key, value in said.items() if key != name})


def test_a_declaration_without_one_of_its_parts_is_refused() -> None:
    declaration = DECLARATIONS[Kind.COURSE]
    whole = {part.name: getattr(declaration, part.name) for part in fields(KindDeclaration)}
    for part in fields(KindDeclaration):
        if part.default is MISSING:
            lacking: dict[str, Any] = {name: value for name, value in whole.items() if name != part.name}
            with pytest.raises(TypeError, match=part.name):
                partial(KindDeclaration, **lacking)()


@pytest.mark.parametrize("kind", Kind)
def test_every_field_that_a_kind_adds_is_stored_shown_exported_and_named(kind: Kind) -> None:
    declaration = DECLARATIONS[kind]
    stored = set(declaration.details.model_fields) if declaration.details else set()
    exported = {column.name for column in declaration.columns}
    for field in declaration.record.model_fields.keys() - ResourceRecord.model_fields.keys():
        assert {field, f"{field}_sv", f"{field}_id"} & stored, f"{field} is not stored"
        assert field in declaration.schema.model_fields, f"the API does not show {field}"
        assert {field, f"{kind}_{field}"} & exported, f"{field} is in no file"
        assert field in declaration.record.uncited or field in kind_words(kind), f"{field} has no name in words"


def kind_words(kind: Kind) -> set[str]:
    said = tomllib.loads((ROOT / "app" / kind.folder / "kind.toml").read_text("utf-8"))
    return set(said["fields"])


def test_only_kinds_with_a_table_of_details_add_fields() -> None:
    for declaration in DECLARATIONS.values():
        own = declaration.schema.model_fields.keys() - ResourceShown.model_fields.keys()
        assert bool(own) == (declaration.details is not None), declaration.kind
        assert set(declaration.searched) <= set(declaration.details.model_fields if declaration.details else ())
