"""Resources as vCard 4.0 (RFC 6350), or 3.0 (RFC 2426) on request: how to reach them, for an address book."""

import re
from collections.abc import Iterator
from datetime import UTC
from enum import StrEnum

from app.http.views import View
from app.identity import identify
from app.opening_hours.calendar import EMERGENCY
from app.opening_hours.wording import describe_stated
from app.resources.freshness import freshness_of
from app.resources.models import Channel, Kind, Role
from app.resources.schemas import ContactPointShown, ResourceShown
from app.standards.schema_org_parts import NO_LONGER
from app.status import OFFERED
from app.texts import Language, Text

VCARD = "text/vcard"
SOURCES = Text(sv="Källor: {}.", en="Sources: {}.")
FOLD = 75
"""Octets in a line, at most."""

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029]")
_SPECIAL = re.compile(r"[\\,;]")


class Version(StrEnum):
    """Versions of the format. 3.0 is for address books that cannot read the newer one."""

    V4 = "4.0"
    V3 = "3.0"

    @property
    def media_type(self) -> str:
        """`text/vcard`, which means 4.0, or with the version that RFC 6350 (10.1) registers as a parameter."""
        return VCARD if self is Version.V4 else f"{VCARD}; version={self}"


def write_vcard(view: View, item: ResourceShown, version: Version = Version.V4) -> bytes:
    """The card of one resource; what is outdated or ended says so, and has no numbers."""
    return "".join(f"{_folded(line)}\r\n" for line in _lines(view, item, version)).encode()


def _lines(view: View, item: ResourceShown, version: Version) -> Iterator[str]:
    yield from ("BEGIN:VCARD", f"VERSION:{version}")
    if version is Version.V4:
        yield "KIND:org"
    yield f"UID:{identify('resource', item.id).urn}"
    yield f"FN;LANGUAGE={item.language}:{_text(item.name)}"
    # Many address books name a card by N alone: without it the name is empty, or the provider's.
    yield f"N;LANGUAGE={item.language}:{_text(item.name)};;;;"
    for part in item.organizations:
        if part.role is Role.PROVIDER:
            yield f"ORG;LANGUAGE={item.language}:{_text(part.name)}"
    if item.status in OFFERED:
        yield from _contacts(view, item, version)
    yield f"NOTE;LANGUAGE={item.language}:{_text(_note(item))}"
    yield f"SOURCE:{view.base_url}/v1/resources/{item.id}.vcf{_query(version)}"
    yield f"REV:{item.updated_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield "END:VCARD"


def _contacts(view: View, item: ResourceShown, version: Version) -> Iterator[str]:
    """How to reach a resource, its own ways first, then the line that refers to it; and in which languages."""
    for point in item.contact_points:
        yield from _ways(point, version)
    if through := getattr(item, "reached_through", None):
        card = f"{view.base_url}/v1/resources/{through}.vcf{_query(version)}"
        yield f"RELATED;TYPE=agent;VALUE=uri:{card}" if version is Version.V4 else f"AGENT;VALUE=uri:{card}"
    if version is Version.V4:
        for language in sorted({code for point in item.contact_points for code in point.languages}):
            yield f"LANG:{language}"


def _query(version: Version) -> str:
    return "" if version is Version.V4 else f"?version={version}"


def _ways(point: ContactPointShown, version: Version) -> Iterator[str]:
    """How to dial, write or go; nothing where no source gives a number or an address.

    Numbers are text, `+46…`: many importers show a `tel:` URI as it is written, or drop it.
    """
    if point.uri is None:
        return
    match point.channel:
        case Channel.PHONE:
            yield f"TEL;TYPE=voice:{_text(point.value or '')}"
        case Channel.SMS:
            yield f"TEL;TYPE={'text' if version is Version.V4 else 'msg'}:{_text(point.value or '')}"
        case Channel.EMAIL:
            yield f"EMAIL:{_text(point.value or '')}"
        case Channel.WEB | Channel.CHAT | Channel.VISIT:
            yield f"URL:{_uri(point.uri)}"


def _note(item: ResourceShown) -> str:
    """What a person reads beside the number: 112 first."""
    warning = NO_LONGER.get(item.status)
    points = item.contact_points if item.status in OFFERED else []
    hours = [line for point in points for line in _hours(point, item.language)]
    sources = dict.fromkeys(f"{citation.source.publisher}, {citation.source.title}" for citation in item.citations)
    cited = [SOURCES[item.language].format("; ".join(sources))] if sources else []
    standing = [warning[item.language] if warning else freshness_of(item)]
    return "\n".join([EMERGENCY[item.language], *standing, item.summary, *_regions(item), *hours, *cited])


def _regions(item: ResourceShown) -> list[str]:
    """Of a coordinator: why the counties of its coordination region are inferred."""
    return [area.reason for area in item.areas if area.reason] if item.kind is Kind.COORDINATOR else []


def _hours(point: ContactPointShown, language: Language) -> Iterator[str]:
    """The source's words about the hours, and how they are read where they leave something open."""
    if point.opening_hours is None:
        return
    if words := describe_stated(point.opening_hours, language):
        yield f"{point.label} – {words}"
    if point.opening_hours.reason:
        yield point.opening_hours.reason


def _text(value: str) -> str:
    escaped = _SPECIAL.sub(lambda special: f"\\{special[0]}", _CONTROL.sub(" ", value))
    return escaped.replace("\n", "\\n")


def _uri(value: str) -> str:
    """A line break in an address would begin a property of its own."""
    return _CONTROL.sub("", value).replace("\n", "")


def _folded(line: str) -> str:
    """Lines of at most 75 octets, each after the first begun with a space; no character is parted."""
    parts, room = [""], FOLD
    for character in line:
        size = len(character.encode())
        if size > room:
            parts.append("")
            room = FOLD - 1
        parts[-1] += character
        room -= size
    return "\r\n ".join(parts)
