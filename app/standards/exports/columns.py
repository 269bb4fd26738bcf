"""The two tables of the files: their columns, and what each says of a record."""

from collections.abc import Callable, Iterable, Iterator

from app.kinds import DECLARATIONS
from app.resources.models import Channel
from app.resources.schemas import FRESHNESS_SAYS, ContactPointShown, OpeningHoursShown, ResourceShown
from app.standards.exports.tables import Cell, Column, Table

Point = tuple[ResourceShown, ContactPointShown]


def join_parts(parts: Iterable[str | None]) -> str | None:
    """Several values in one cell, each once."""
    return "; ".join(dict.fromkeys(part for part in parts if part)) or None


def _reached(channel: Channel) -> Callable[[ResourceShown], Cell]:
    return lambda resource: join_parts(point.display for point in resource.contact_points if point.channel is channel)


def _hours(say: Callable[[OpeningHoursShown], Cell]) -> Callable[[Point], Cell]:
    return lambda pair: None if pair[1].opening_hours is None else say(pair[1].opening_hours)


def _columns_of_kinds() -> Iterable[Column[ResourceShown]]:
    """What only some kinds have, each column once: empty for the others."""
    columns: dict[str, Column[ResourceShown]] = {}
    for declaration in DECLARATIONS.values():
        for column in declaration.columns:
            columns.setdefault(column.name, column)
    return columns.values()


def _sources(resource: ResourceShown, prefix: str = "") -> str | None:
    return join_parts(citation.source.url for citation in resource.citations if citation.field.startswith(prefix))


RESOURCES = Table(
    "resources",
    ("id",),
    (
        Column[ResourceShown]("id", "string", "Stable slug.", lambda item: item.id),
        Column("kind", "string", "What it is: hotline, course and so on.", lambda item: item.kind.value),
        Column("status", "string", "current (the operator's own dated words), unverified, outdated or ended.",
               lambda item: item.status.value),
        Column("language", "string", "The language of the texts: sv or en.", lambda item: item.language.value),
        Column("name", "string", "Name.", lambda item: item.name),
        Column("summary", "string", "In one sentence, in our words.", lambda item: item.summary),
        Column("description", "string", "More, in our words.", lambda item: item.description),
        Column("organizations", "string", "Names of the organizations.",
               lambda item: join_parts(part.name for part in item.organizations)),
        Column("organization_ids", "string", "Their ids, as `/v1/organizations` has them.",
               lambda item: join_parts(part.id for part in item.organizations)),
        Column("audiences", "string", "For whom.", lambda item: join_parts(term.name for term in item.audiences)),
        Column("topics", "string", "About what.", lambda item: join_parts(term.name for term in item.topics)),
        Column("areas", "string", "The areas that it serves.",
               lambda item: join_parts(area.name for area in item.areas)),
        Column("area_codes", "string", "Their codes.", lambda item: join_parts(area.id for area in item.areas)),
        Column("min_age", "integer", "Youngest age that it is for, in years.", lambda item: item.min_age),
        Column("max_age", "integer", "Oldest age that it is for, in years.", lambda item: item.max_age),
        Column("phones", "string", "Phone numbers, as they are read.", _reached(Channel.PHONE)),
        Column("emails", "string", "E-mail addresses.", _reached(Channel.EMAIL)),
        Column("web_addresses", "string", "Web addresses.", _reached(Channel.WEB)),
        *_columns_of_kinds(),
        Column("stated_on", "date", "The date that the source gives.", lambda item: item.stated_on),
        Column("verified_at", "date", "When a person last checked it.", lambda item: item.verified_at),
        Column("review_due", "date", "When it is to be checked again.", lambda item: item.review_due),
        Column("freshness", "string", FRESHNESS_SAYS, lambda item: item.freshness),
        Column("updated_at", "datetime", "When the record last changed in this directory.",
               lambda item: item.updated_at),
        Column("source_urls", "string", "The pages that say so, where they have an address.", _sources),
        Column("url", "string", "The record in the API, with every citation.", lambda item: item.links["self"].href),
    ),
    iter,
)  # fmt: skip


def _points(resources: Iterable[ResourceShown]) -> Iterator[Point]:
    return ((resource, point) for resource in resources for point in resource.contact_points)


CONTACT_POINTS = Table(
    "contact-points",
    ("resource_id", "id"),
    (
        Column[Point]("resource_id", "string", "The `id` of the resource.", lambda pair: pair[0].id),
        Column("resource_name", "string", "Its name.", lambda pair: pair[0].name),
        Column("resource_kind", "string", "What it is.", lambda pair: pair[0].kind.value),
        Column("resource_status", "string", "Its status.", lambda pair: pair[0].status.value),
        Column("id", "string", "Unique within the resource.", lambda pair: pair[1].id),
        Column("channel", "string", "phone, sms, chat, email, web or visit.", lambda pair: pair[1].channel.value),
        Column("label", "string", "What it is called.", lambda pair: pair[1].label),
        Column("display", "string", "Number or address as it is read; empty where no source gives it.",
               lambda pair: pair[1].display),
        Column("uri", "string", "What a link dials or opens, such as `tel:+4620390000`.", lambda pair: pair[1].uri),
        Column("languages", "string", "ISO 639 codes of the languages that a source says it answers in.",
               lambda pair: join_parts(pair[1].languages)),
        Column("anonymous", "boolean", "Whether one may be anonymous.", lambda pair: pair[1].anonymous),
        Column("free_of_charge", "boolean", "Whether it costs nothing.", lambda pair: pair[1].free_of_charge),
        Column("on_phone_bill", "boolean", "Whether the call shows on the bill.", lambda pair: pair[1].on_phone_bill),
        Column("interpreters", "boolean", "Whether interpreters can be had.", lambda pair: pair[1].interpreters),
        Column("opening_hours", "string", "OSM opening_hours expression; empty where no source gives hours.",
               _hours(lambda hours: hours.expression)),
        Column("hours_basis", "string", "Whether a source states the expression or it is inferred from one.",
               _hours(lambda hours: hours.basis)),
        Column("hours_stated", "string", "The source's own few words about the hours.",
               _hours(lambda hours: hours.stated)),
        Column("hours_reason", "string", "Why the expression is what it is, where it is inferred.",
               _hours(lambda hours: hours.reason)),
        Column("hours_exceptions", "string", "Dates with other hours, which override the expression.",
               _hours(lambda hours: join_parts(
                   f"{exception.starts_on}/{exception.ends_on} {exception.expression} ({exception.reason})"
                   for exception in hours.exceptions
               ))),
        Column("time_zone", "string", "IANA time zone of the hours.",
               _hours(lambda hours: hours.time_zone if hours.expression else None)),
        Column("resource_freshness", "string", "The `freshness` of the resource.", lambda pair: pair[0].freshness),
        Column("source_urls", "string", "The pages that say so, where they have an address.",
               lambda pair: _sources(pair[0], f"contact_points.{pair[1].id}.")),
    ),
    _points,
)  # fmt: skip

TABLES: tuple[Table[ResourceShown], Table[Point]] = (RESOURCES, CONTACT_POINTS)
