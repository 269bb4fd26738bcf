"""`/search`."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import BindParameter, String, bindparam, literal, select, type_coerce, union_all
from sqlmodel import col

from app.http.contract import Cost, answers
from app.http.links import Links, link
from app.http.paging import Page, PageParameters, page
from app.organizations.models import Organization, OrganizationText
from app.resources.listing import AskingDep
from app.resources.models import Kind, Resource, ResourceText
from app.resources.reading import Asking
from app.search.queries import count_left_out, hits
from app.sources.schemas import CitationShown, citations_of
from app.status import OFFERED, Status
from app.stored_values import read_rows
from app.texts import Language

router = APIRouter(tags=["search"])

HitKind = Kind | Literal["organization"]


class Hit(BaseModel):
    """Something that was found."""

    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(description="Slug; `_links.self` leads to the whole record.")
    kind: HitKind
    language: Language = Field(description="The language of the texts.")
    name: str
    summary: str
    status: Status
    citations: list[CitationShown] = Field(description="Who states the name and the summary.")
    links: Links = Field(alias="_links")


class SearchParameters(PageParameters):
    """What to look for."""

    q: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Field(
        None,
        description="Words, all of which are to be found; their forms and beginnings count, with or without å, ä, ö. "
        "For everyday words (`våldtagen`, `selling sex`), what `seed/everyday_words.toml` names is found as well, and "
        "comes first. Left out: nothing is found.",
    )
    kind: list[HitKind] = Field([], description="Only these kinds; left out: all.")
    status: list[Status] = Field(list(OFFERED), description="Only these.")


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_LANGUAGE: BindParameter[Any] = bindparam("language")
_SAID = union_all(
    select(
        col(Resource.id),
        type_coerce(col(Resource.kind), String),
        col(Resource.slug),
        col(Resource.status),
        col(ResourceText.name),
        col(ResourceText.summary),
    )
    .join(ResourceText, col(ResourceText.resource_id) == col(Resource.id))
    .where(col(Resource.id).in_(_IDS), col(ResourceText.language) == _LANGUAGE),
    select(
        col(Organization.id),
        literal("organization"),
        col(Organization.slug),
        col(Organization.status),
        col(OrganizationText.name),
        col(OrganizationText.description),
    )
    .join(OrganizationText, col(OrganizationText.organization_id) == col(Organization.id))
    .where(col(Organization.id).in_(_IDS), col(OrganizationText.language) == _LANGUAGE),
)
_KINDS: dict[str, tuple[HitKind, str]] = {kind.value: (kind, kind.collection) for kind in Kind}
_KINDS["organization"] = ("organization", "organizations")


def shown(asking: Asking, ids: list[UUID]) -> list[Hit]:
    """Hits as the API shows them, in the order of the ids."""
    citations, found = citations_of(asking.session, ids), dict[UUID, Hit]()
    rows = asking.session.connection().execute(_SAID, {"ids": ids, "language": asking.language})
    for key, named, slug, status, name, summary in read_rows(rows):
        kind, collection = _KINDS[named]
        found[key] = Hit.model_construct(
            id=slug,
            kind=kind,
            language=asking.language,
            name=name,
            summary=summary,
            status=status,
            citations=[one for one in citations[key] if one.field in ("name", "summary", "description")],
            links={"self": link(asking.request, f"/v1/{collection}/{slug}")},
        )
    return [found[key] for key in ids if key in found]


@router.get("/search", summary="Sök")
@answers(fresh=300, cost=Cost.DEAR)
def search(wanted: Annotated[SearchParameters, Query()], asking: AskingDep) -> Page[Hit]:
    """Search names, texts, organizations and places, in Swedish and English at once, best first.

    Lines and services first for everyday words; names before texts, exact words before forms of them, forms before
    beginnings. `manniskohandel` finds människohandel, `hotline` the hotlines, `Kristianstads kommun` what serves the
    people there, `2021:23` that report.

    Sök i namn, texter, organisationer och orter, på svenska och engelska samtidigt.
    """
    total, ids = hits(asking.session, wanted.q or "", wanted.status, wanted.kind, wanted.limit, wanted.offset)
    left_out = None if total else count_left_out(asking.session, wanted.q or "", wanted.status, wanted.kind)
    return page(asking.request, shown(asking, ids), total, wanted, left_out=left_out)
