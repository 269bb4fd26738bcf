"""Terms as the API shows them."""

from pydantic import BaseModel, ConfigDict, Field

from app.http.links import Links
from app.http.paging import PageParameters
from app.resources.filters import CitedParameters
from app.sources.schemas import CitationShown
from app.texts import Language


class TermShown(BaseModel):
    """A term of a vocabulary."""

    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(description="Slug, as filters take it.")
    language: Language = Field(description="The language of the texts.")
    name: str
    description: str
    broader_terms: list[str] = Field(description="The ids of the wider terms that it belongs to, the widest first.")
    citations: list[CitationShown]
    links: Links = Field(alias="_links")


class TermParameters(PageParameters, CitedParameters):
    """The parameters of a list of terms."""
