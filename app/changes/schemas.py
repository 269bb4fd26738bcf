"""Schemas of changes."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.changes.fields import FieldName
from app.changes.models import What
from app.http.contract import Parameters
from app.http.links import Links
from app.http.paging import MAX_LIMIT
from app.opening_hours.live import Moment
from app.resources.models import Kind
from app.resources.schemas import Instant
from app.status import Status
from app.texts import Language


class ChangeShown(BaseModel):
    """What happened to one record, and when."""

    model_config = ConfigDict(populate_by_name=True)

    id: UUID = Field(description="Id of this change, also used in the feeds.")
    change: What = Field(
        description="added, changed, ended (no longer in force: outdated or ended), renamed (it has another id now, "
        "and perhaps other content) or removed from the directory."
    )
    changed_at: Instant = Field(description="When it happened in this directory.")
    kind: Kind | Literal["organization"]
    record: str = Field(description="The `id` of the record after the change.")
    former_record: str | None = Field(
        description="The `id` that a renamed record had before: move what you keep under it to `record`. Else null."
    )
    fields: list[str] | None = Field(
        description="The fields that changed, those of contact points without the id of the point: "
        "`contact_points.value` is a number or an address. All fields of a record that is new, removed, or comes into "
        "force or goes out of it. Null where they are not known, as before this was kept.",
        json_schema_extra={"example": ["citations", "contact_points", "contact_points.value"]},
    )
    language: Language = Field(description="The language of the name.")
    name: str = Field(description="The record's name after the change.")
    status: Status = Field(description="The record's status after the change; of a removed record, its last.")
    links: Links = Field(
        alias="_links",
        description="`related`: the record as it is today; `alternate`: its page for people, where it has one. Empty "
        "for one that was removed.",
    )


class ChangesMeta(BaseModel):
    """The position of a page in the sequence of changes."""

    total: int = Field(description="How many changes there are in all, with these filters.")
    count: int = Field(description="How many are on this page.")
    limit: int = Field(description="How many a page may hold.")
    after: str | None = Field(
        description="Token of the last change on this page: keep it, and pass it as `after` to get later changes. On "
        "an empty page the token that was given; null where none was."
    )


class Changes(BaseModel):
    """Changes in the order in which they happened."""

    model_config = ConfigDict(populate_by_name=True)

    meta: ChangesMeta = Field(alias="_meta", description="The part of the sequence that this page holds.")
    links: Links = Field(alias="_links", description="`self`, `first`, and `next` where there are more changes.")
    items: list[ChangeShown] = Field(description="The oldest first.")


Token = Annotated[str, StringConstraints(min_length=1, max_length=60)]


class FeedParameters(Parameters):
    """The parameters of a feed."""

    limit: int = Field(20, ge=1, le=MAX_LIMIT, description="How many changes to return, at most.")
    before: Token | None = Field(
        None, description="Changes before this token, which the link to the next page of a feed gives."
    )
    since: Moment | None = Field(
        None, description="Changes at or after this moment (RFC 3339 with offset, 2000 to 2076)."
    )
    changed: list[FieldName] = Field(
        [],
        max_length=20,
        description="Only changes of one of these fields, such as `contact_points.value` for numbers and addresses, "
        "and those whose fields are not known; left out: all changes.",
    )


class ChangeParameters(FeedParameters):
    """The parameters of the list of changes."""

    after: Token | None = Field(None, description="Changes after this token: `_meta.after` of an earlier page.")
