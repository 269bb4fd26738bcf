"""What the endpoints of HSDS may be asked. The names are the standard's; `lang` is ours, as everywhere."""

from datetime import UTC, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from app.http.contract import Parameters
from app.times import read_moment

MAX_PER_PAGE = 100
MAX_PAGE = 1_000_000


EARLIEST, LATEST = datetime(1901, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _comparable(value: object) -> datetime:
    """A moment that the store can compare: no record changed before EARLIEST, and none will after LATEST."""
    return min(max(read_moment(value), EARLIEST), LATEST).astimezone(UTC)


Since = Annotated[datetime, BeforeValidator(_comparable)]
Postcode = Annotated[str, StringConstraints(pattern=r"^(SE-?)?[1-9]\d{2} ?\d{2}$")]


class ListParameters(Parameters):
    """The parameters of every list."""

    search: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Field(
        None, description="Words, all of which are to be found, in Swedish or English."
    )
    page: int = Field(1, ge=1, le=MAX_PAGE, description="Which page, from 1. Past the last: an empty page.")
    per_page: int = Field(20, ge=1, le=MAX_PER_PAGE, description=f"How many a page may hold, {MAX_PER_PAGE} at most.")
    format: Literal["json", "ndjson"] | None = Field(
        None,
        description="`json` (default), or `ndjson`: every record, one a line, streamed, whatever `page` and `per_page` "
        "say. Outranks `Accept`.",
    )


class TaggedParameters(ListParameters):
    """Filters by taxonomy."""

    taxonomy_term_id: UUID | None = Field(None, description="With this very term: the id of one of /taxonomy_terms.")
    taxonomy_id: UUID | None = Field(None, description="With any term of this taxonomy: the id of one of /taxonomies.")


class RecordParameters(TaggedParameters):
    """Filters on what comes from one of our resources."""

    organization_id: UUID | None = Field(
        None, description="Provided by this organization, alone or with others: the id of one of /organizations."
    )
    modified_after: Since | None = Field(
        None,
        description="Whose own content changed here at or after this moment (RFC 3339 with offset), in any year.",
        json_schema_extra={"example": "2026-11-21T00:00:00Z"},
    )
    full: bool = Field(False, description="`true`: with all that belongs to each record, as `/{id}` answers it.")


class ServiceParameters(RecordParameters):
    """Filters on services."""

    minimal: bool = Field(
        False,
        description="`true`: just `id` and `modified_date` of each; all on one page, unless `per_page` says otherwise.",
    )

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if self.minimal and self.full:
            raise ValueError("minimal and full exclude each other")
        return self


class LocationParameters(RecordParameters):
    """Filters on services at locations."""

    postcode: Postcode | None = Field(
        None,
        description="Certain to serve this Swedish postcode (`302 45`). The directory holds no register of postcodes: "
        "what serves the whole country is found, what serves a part of it is not.",
    )
    proximity: int | None = Field(
        None,
        ge=0,
        le=2_000_000,
        description="Within so many metres of the middle of `postcode`. The directory holds no positions, so nothing "
        "is known to be.",
    )

    @model_validator(mode="after")
    def _near_something(self) -> Self:
        if self.proximity is not None and self.postcode is None:
            raise ValueError("proximity needs postcode: the metres are counted from there")
        return self


class OrganizationParameters(TaggedParameters):
    """Filters on organizations; a term is one that their services have."""

    full: bool = Field(False, description="`true`: with all that belongs to each organization, as `/{id}` answers it.")
    full_service: bool = Field(False, description="`true`: as `full`, with all that belongs to each service as well.")


class OneOrganizationParameters(Parameters):
    """How much of one organization."""

    full_service: bool = Field(False, description="`true`: with all that belongs to each of its services.")


class TermParameters(ListParameters):
    """Filters on taxonomy terms."""

    taxonomy_id: UUID | None = Field(None, description="Of this taxonomy: the id of one of /taxonomies.")
    top_only: bool = Field(False, description="`true`: only terms that are within no other.")
    parent_id: UUID | None = Field(None, description="Right within this term: the id of one of /taxonomy_terms.")
