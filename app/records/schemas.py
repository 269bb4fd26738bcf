"""Records and their revisions as the API shows them."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.http.links import Links
from app.records.models import Origin
from app.resources.reviewing import Review
from app.resources.schemas import Instant


class RedactionNotice(BaseModel):
    """Who blanked the document of a revision, when and why."""

    actor: str = Field(description="A role or an organization, never a person.")
    reason: str
    made_at: Instant


class RevisionSummary(BaseModel):
    """One published state of a record: who made it, when, why and from where."""

    model_config = ConfigDict(populate_by_name=True)

    number: int = Field(description="The number of the revision. Numbers grow over the whole directory.")
    kind: str
    id: str = Field(description="The record's id in this revision.")
    made_at: Instant
    actor: str = Field(description="A role or an organization, never a person.")
    origin: Origin = Field(description="seed: the seed files; command: `stodkatalog change`.")
    reason: str
    edition: int = Field(description="The edition of the directory that this revision came with.")
    base: int | None = Field(description="The revision that the change was made against; null for a new record.")
    removes: bool = Field(description="`true`: this revision removed the record.")
    changed_fields: list[str] | None = Field(
        description="The fields that differ from the revision before, such as `contact_points.telefon.value`; null "
        "where one of the two is redacted."
    )
    redaction: RedactionNotice | None = Field(
        description="Who blanked the document, when and why; null where it was not."
    )
    links: Links = Field(alias="_links")


class RevisionWithDocument(RevisionSummary):
    """A revision with its document."""

    document: dict[str, Any] | None = Field(
        description="As the record's entry in the seed files, without what is not set; null where the revision removed "
        "the record or is redacted."
    )


class RecordShown(RevisionWithDocument):
    """A record: its newest revision, whether a person has checked it, and how many proposals are open."""

    review: Review | None = Field(
        description="Whether a person has checked it lately enough; null for records that are checked with others."
    )
    open_proposals: int | None = Field(description="How many proposals about it are open; null in files that are kept.")
