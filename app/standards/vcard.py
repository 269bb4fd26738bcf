"""Resources as vCard 4.0 (RFC 6350): how to reach them, to be kept in an address book."""

import re
from collections.abc import Iterator
from datetime import UTC

from app.http.links import base_url
from app.identity import identify
from app.opening_hours.calendar import EMERGENCY, hours_in_words
from app.resources.models import Channel, Role
from app.resources.reading import Asking
from app.resources.schemas import ContactPointShown, ResourceShown
from app.standards.schema_org_parts import NO_LONGER
from app.status import OFFERED, Status
from app.texts import Language, Text

VCARD = "text/vcard"
UNVERIFIED = Text(sv="Inte kontrollerat på senare tid.", en="Not checked lately.")
SOURCES = Text(sv="Källor: {}.", en="Sources: {}.")
FOLD = 75
"""Octets in a line, at most."""

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029]")
_SPECIAL = re.compile(r"[\\,;]")


def vcard(asking: Asking, item: ResourceShown) -> bytes:
    """The card of one resource; what is outdated or ended says so, and has no numbers."""
    return "".join(f"{_folded(line)}\r\n" for line in _lines(asking, item)).encode()


def _lines(asking: Asking, item: ResourceShown) -> Iterator[str]:
    yield from ("BEGIN:VCARD", "VERSION:4.0", "KIND:org", f"UID:{identify('resource', item.id).urn}")
    yield f"FN;LANGUAGE={item.language}:{_text(item.name)}"
    for part in item.organizations:
        if part.role is Role.PROVIDER:
            yield f"ORG;LANGUAGE={item.language}:{_text(part.name)}"
    if item.status in OFFERED:
        for point in item.contact_points:
            yield from _ways(point)
        if through := getattr(item, "reached_through", None):
            yield f"RELATED;TYPE=agent;VALUE=uri:{base_url(asking.request)}/v1/resources/{through}.vcf"
        for language in sorted({spoken for point in item.contact_points for spoken in point.languages}):
            yield f"LANG:{language}"
    yield f"NOTE;LANGUAGE={item.language}:{_text(_note(item))}"
    yield f"SOURCE:{base_url(asking.request)}/v1/resources/{item.id}.vcf"
    yield f"REV:{item.updated_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield "END:VCARD"


def _ways(point: ContactPointShown) -> Iterator[str]:
    """How to dial, write or go; nothing where no source gives a number or an address."""
    if point.uri is None:
        return
    match point.channel:
        case Channel.PHONE:
            yield f"TEL;VALUE=uri;TYPE=voice:{_uri(point.uri)}"
        case Channel.SMS:
            yield f"TEL;VALUE=uri;TYPE=text:{_uri(point.uri.replace('sms:', 'tel:', 1))}"
        case Channel.EMAIL:
            yield f"EMAIL:{_text(point.value or '')}"
        case Channel.WEB | Channel.CHAT | Channel.VISIT:
            yield f"URL:{_uri(point.uri)}"


def _note(item: ResourceShown) -> str:
    """What a person reads beside the number: 112 first."""
    said = {**NO_LONGER, Status.UNVERIFIED: UNVERIFIED}.get(item.status)
    points = item.contact_points if item.status in OFFERED else []
    hours = [line for point in points for line in _hours(point, item.language)]
    sources = dict.fromkeys(f"{one.source.publisher}, {one.source.title}" for one in item.citations)
    cited = [SOURCES[item.language].format("; ".join(sources))] if sources else []
    standing = [said[item.language]] if said else []
    return "\n".join([EMERGENCY[item.language], *standing, item.summary, *hours, *cited])


def _hours(point: ContactPointShown, language: Language) -> Iterator[str]:
    """The source's words about the hours, and how they are read where they leave something open."""
    if point.opening_hours is None:
        return
    if words := hours_in_words(point.opening_hours, language):
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
