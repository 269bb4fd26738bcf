"""What the OpenAPI document says of the API as a whole: purpose, limitations, terms, service level, tags."""

from pathlib import Path
from typing import Any

from app.resources.kind import Kind, profile_of
from app.settings import PLACEHOLDER, Settings

DESCRIPTION = Path(__file__).with_name("openapi_description.md").read_text(encoding="utf-8")

SERVICE_LEVEL = {
    "availability": "Ingen garanti; driften sköts efter bästa förmåga. / No guarantee; best effort.",
    "responseTime": "Ingen garanti; normalt under en sekund. / No guarantee; normally under a second.",
    "support": "Via e-post till kontaktadressen, efter bästa förmåga. / By e-mail to the contact address, best effort.",
}


def _describe(kind: Kind) -> str:
    tag = profile_of(kind).tag
    return f"{tag.sv} / {tag.en}"


TAGS = {
    **{kind.collection: _describe(kind) for kind in Kind if profile_of(kind).is_reached},
    "opening-hours": "Öppettider och läget vid en tidpunkt. / Opening hours and the state at a moment.",
    "referrals": "Vem man vänder sig till. / Whom to contact.",
    **{kind.collection: _describe(kind) for kind in Kind if not profile_of(kind).is_reached},
    "organizations": "Organisationer. / Organizations.",
    "resources": "Alla slag tillsammans. / All kinds together.",
    "search": "Sök i allt. / Search everything.",
    "areas": "Samordningsregioner, län och kommuner. / Coordination regions, counties and municipalities.",
    "vocabularies": "Målgrupper och ämnen, att filtrera på. / Audiences and topics, to filter by.",
    "sources": "Källor till uppgifterna. / The sources of the facts.",
    "changes": "Vad som har ändrats i katalogen. / What has changed in the directory.",
    "records": "Poster som de skrivs, och deras historik. / Records as they are written, and their history.",
    "proposals": "Föreslagna ändringar. / Proposed changes.",
    "reports": "Vad någon säger är fel. / What somebody says is wrong.",
    "tasks": "Vad någon behöver se på. / What a person must look at.",
    "keys": "Nycklar för den som får ändra. / Keys for those who may change something.",
    "webhooks": "Besked om ändringar. / Word of changes.",
    "exports": "Filer att ladda ner. / Files to download.",
    "service": "Om API:et. / About the API.",
}


def address(settings: Settings) -> str:
    """Where the world finds this instance: the setting, or a placeholder for a document that nobody has served yet."""
    return settings.base_url or PLACEHOLDER


def info(settings: Settings, title: str, version: str) -> dict[str, Any]:
    """The Info Object."""
    return {
        "title": title,
        "version": version,
        "summary": "Vart man vänder sig, när, och vem som säger det. / Whom to contact, when, and who says so.",
        "description": DESCRIPTION,
        "contact": {
            "name": settings.publisher_name,
            "url": settings.contact_url,
            "email": settings.contact_email,
        },
        "license": {"name": "CC0 1.0 Universal", "url": "https://creativecommons.org/publicdomain/zero/1.0/"},
        "x-sla": SERVICE_LEVEL,
    }


def tags(used: set[str]) -> list[dict[str, str]]:
    """The tags that are in use, each with its description, in the order of the documentation."""
    return [{"name": name, "description": description} for name, description in TAGS.items() if name in used]
