"""A kind of resource that the directory does not have, with one field of its own: all that adding one takes."""

import shutil
from pathlib import Path

from app.settings import ROOT

NAMED_IN, NAMED = "resources/kind.py", '    EVENT = "event"\n'
"""Where kinds are named, once, and the line that another one's follows."""

FOLDER = {
    "__init__.py": "",
    "kind.toml": """
is_reached = false
in_menu = true
name.sv = "Skyddat boende"
name.en = "Shelter"
plural.sv = "skyddade boenden"
plural.en = "shelters"
asked_as = "shelter skyddsboende"
path.sv = "/skyddade-boenden"
path.en = "/shelters"
menu.sv = "Skyddade boenden"
menu.en = "Shelters"
title.sv = "Skyddade boenden"
title.en = "Shelters"
lead.sv = "Boenden."
lead.en = "Places to stay."
tag.sv = "Skyddade boenden."
tag.en = "Shelters."
service.name.sv = "Skyddat boende"
service.name.en = "Shelter"
service.description.sv = "Man bor där."
service.description.en = "One stays there."
facts.pets.sv = "Husdjur"
facts.pets.en = "Pets"
fields.pets.sv = "husdjur"
fields.pets.en = "pets"
""",
    "models.py": """
from uuid import UUID

from sqlmodel import Field, SQLModel


class ShelterDetails(SQLModel, table=True):
    resource_id: UUID = Field(foreign_key="resource.id", primary_key=True)
    pets: bool | None
""",
    "record.py": """
from app.records.shapes import ResourceRecord
from app.resources.kind import Kind


class ShelterRecord(ResourceRecord):
    kind = Kind.SHELTER

    pets: bool | None = None
""",
    "schemas.py": """
from pydantic import Field

from app.resources.filters import ReachableParameters
from app.resources.schemas import ResourceShown


class Shelter(ResourceShown):
    pets: bool | None = Field(description="Whether animals may come along.")


class ShelterParameters(ReachableParameters):
    pets: bool | None = Field(None, description="Animals may come along.")
""",
    "queries.py": """
from sqlmodel import col

from app.resources.models import Kind, Resource
from app.resources.queries import of_kind
from app.shelters.models import ShelterDetails


def shelters(where=()):
    details = of_kind(Kind.SHELTER, where).join(ShelterDetails, col(ShelterDetails.resource_id) == col(Resource.id))
    return details.add_columns(ShelterDetails)


def shelter(slug):
    return shelters([col(Resource.slug) == slug])


def own_conditions(wanted):
    if wanted.pets is not None:
        yield col(ShelterDetails.pets) == wanted.pets
""",
    "reading.py": """
from app.resources.building import builder_of
from app.shelters.schemas import Shelter

build_shelters = builder_of(Shelter)
""",
    "routes.py": '''
from typing import Annotated

from fastapi import Query

from app.http.contract import answers
from app.http.paging import Page
from app.http.routing import Router
from app.resources.filters import MomentParameters, conditions
from app.resources.listing import RECORD, AskingDep, Id, answer_list
from app.resources.remembering import answer_record
from app.shelters import queries
from app.shelters.reading import build_shelters
from app.shelters.schemas import Shelter, ShelterParameters

router = Router(tags=["shelters"])


@router.get("/shelters", summary="Skyddade boenden")
@answers(fresh=60)
def list_shelters(wanted: Annotated[ShelterParameters, Query()], asking: AskingDep) -> Page[Shelter]:
    """Shelters."""
    where = [*conditions(asking.session, wanted, asking.at), *queries.own_conditions(wanted)]
    return answer_list(asking, queries.shelters(where), wanted, build_shelters)


@router.get("/shelters/{id}", summary="Ett skyddat boende")
@answers(*RECORD, fresh=60)
async def get_shelter(slug: Id, wanted: Annotated[MomentParameters, Query()], asking: AskingDep) -> Shelter:
    """One shelter."""
    return await answer_record(asking, queries.shelter, build_shelters, "shelters", slug)
''',
    "declaration.py": """
from app.resources.declaration import KindDeclaration
from app.resources.facts import plain_facts
from app.resources.kind import Kind
from app.shelters.models import ShelterDetails
from app.shelters.reading import build_shelters
from app.shelters.record import ShelterRecord
from app.shelters.routes import router
from app.shelters.schemas import Shelter
from app.standards.exports.tables import own_columns
from app.standards.schema_org_types import service

DECLARATION = KindDeclaration(
    kind=Kind.SHELTER,
    record=ShelterRecord,
    schema=Shelter,
    build=build_shelters,
    routers=(router,),
    details=ShelterDetails,
    facts=plain_facts,
    columns=own_columns(Shelter),
    schema_org=service,
)
""",
}

SEED = """
[[shelter]]
id = "huset"
status = "current"
name = {sv = "Huset", en = "The house"}
summary = {sv = "Ett hus.", en = "A house."}
pets = true
citations = [{source = "sida", evidence = "020-390 000", fields = ["name", "summary", "pets"]}]

[[shelter]]
id = "torpet"
status = "current"
name = {sv = "Torpet", en = "The cottage"}
summary = {sv = "Ett torp.", en = "A cottage."}
citations = [{source = "sida", evidence = "020-390 000", fields = ["name", "summary"]}]
"""

MIGRATION = '''
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "shelters", "{head}", None, None


def upgrade():
    """The details of shelters."""
    key = sa.Column("resource_id", sa.Uuid(), sa.ForeignKey("resource.id"), primary_key=True)
    op.create_table("shelterdetails", key, sa.Column("pets", sa.Boolean()))
'''


def copy_with_shelters(folder: Path, head: str | None) -> None:
    """Copy the service into a folder, and add shelters. `head`: the newest migration."""
    ignored = shutil.ignore_patterns("__pycache__", "static")
    shutil.copytree(ROOT / "app", folder / "app", ignore=ignored)
    shutil.copytree(ROOT / "migrations", folder / "migrations", ignore=ignored)
    shutil.copy(ROOT / "alembic.ini", folder)
    for name, content in FOLDER.items():
        file = folder / "app" / "shelters" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(content, "utf-8")
    named = folder / "app" / NAMED_IN
    text = named.read_text("utf-8")
    assert NAMED in text
    named.write_text(text.replace(NAMED, f'{NAMED}    SHELTER = "shelter"\n'), "utf-8")
    (folder / "migrations" / "versions" / "9999_shelters.py").write_text(MIGRATION.format(head=head), "utf-8")
