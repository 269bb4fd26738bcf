"""Programs as the API shows them."""

from pydantic import Field

from app.resources.schemas import ResourceShown
from app.sources.schemas import Day


class Program(ResourceShown):
    """A programme or a form of protection, such as the reflection period."""

    applicant: str | None = Field(description="Who applies.")
    apply_through: str | None = Field(description="Through whom one applies.")
    available_from: Day | None = Field(description="Since when it applies; null where no source states it.")
    days: int | None = Field(description="For how many days it is granted; null where no source states it.")
