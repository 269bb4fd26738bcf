"""Publications as the API shows them, and what may be asked of their list."""

from pydantic import Field

from app.publications.models import PublicationType
from app.resources.filters import CitedParameters, ResourceParameters
from app.resources.schemas import ResourceShown
from app.sources.schemas import Day


class Publication(ResourceShown):
    """A report, manual, guidance or news item."""

    type: PublicationType
    title: str | None = Field(description="The title as printed, where it is not the name.")
    year: int | None = Field(description="Year of publication; null where no source states it.")
    published_on: Day | None = Field(description="Day of publication; null where no source states it.")
    number: str | None = Field(description="Number in a series, such as 2021:23.")
    edition: str | None = Field(description="Edition, as stated.")
    url: str | None = Field(description="Where it can be read; null where no source gives an address that works.")


class PublicationParameters(ResourceParameters, CitedParameters):
    """Filters on publications."""

    type: PublicationType | None = Field(None, description="Of this type.")
