"""What a search finds, and what may be asked of it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.http.links import Links
from app.http.paging import PageParameters
from app.resources.filters import CitedParameters
from app.resources.kind import Kind
from app.sources.schemas import CitationShown
from app.status import OFFERED, Status
from app.texts import Language

HitKind = Kind | Literal["organization"]


class Hit(BaseModel):
    """A resource or an organization that a search found."""

    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(description="Slug; `_links.self` leads to the whole record.")
    kind: HitKind
    language: Language = Field(description="The language of the texts.")
    name: str
    summary: str
    status: Status
    citations: list[CitationShown] = Field(description="Who states the name and the summary.")
    links: Links = Field(alias="_links")


class SearchParameters(PageParameters, CitedParameters):
    """What to look for."""

    q: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Field(
        None,
        description="Words, all of which are to be found; their forms and beginnings count, with or without å, ä, ö. "
        "For everyday words (`våldtagen`, `selling sex`), what `seed/everyday_words.toml` names is found as well, and "
        "comes first. Left out: nothing is found.",
    )
    kind: list[HitKind] = Field([], description="Only these kinds; left out: all.")
    status: list[Status] = Field(list(OFFERED), description="Only these.")
