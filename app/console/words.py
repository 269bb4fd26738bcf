"""What the console says in Swedish of roles, fields, dates and values."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.console.hours import describe_exception, describe_hours
from app.embed.pages.words import texts_of
from app.opening_hours.wording import write_clock
from app.records.documents import Document
from app.records.models import Origin, ProposalState
from app.resources.contacts import format_value
from app.resources.kind import Kind, profile_of
from app.resources.models import Channel
from app.texts import Language
from app.times import STOCKHOLM, date_in_words
from app.verifying.models import TaskKind

SWEDISH = Language.SWEDISH
ROLE_NAMES = {
    "contributor": "uppgiftslämnare",
    "operator": "verksamhetsansvarig",
    "editor": "redaktör",
    "admin": "administratör",
}
KIND_NAMES = {kind: profile_of(kind).plural[SWEDISH].capitalize() for kind in Kind}
COLLECTION_NAMES = {
    **{kind.collection: name for kind, name in KIND_NAMES.items()},
    "organizations": "Organisationer",
    "sources": "Källor",
    "audiences": "Målgrupper",
    "topics": "Ämnen",
    "escalation": "Kontaktordning",
}
STATE_NAMES = {
    ProposalState.OPEN: "väntar på beslut",
    ProposalState.STALE: "väntar, men posten har ändrats sedan dess",
    ProposalState.ACCEPTED: "godkänt",
    ProposalState.REJECTED: "avslaget",
    ProposalState.WITHDRAWN: "tillbakadraget",
}
ORIGIN_NAMES = {
    Origin.SEED: "filerna",
    Origin.COMMAND: "kommando",
    Origin.API: "API:et",
    Origin.CONSOLE: "redaktionen",
}
OTHER_FIELDS = {
    "id": "adress",
    "status": "status",
    "stated_on": "källans datum",
    "label": "benämning",
    "contact_points": "kontaktvägar",
    "hours_basis": "hur säkra öppettiderna är",
    "hours_stated": "öppettider med källans ord",
    "hours_reason": "varför öppettiderna är en tolkning",
    "date_basis": "hur säkert datumet är",
    "publisher": "utgivare",
    "published": "publicerad",
    "updated": "uppdaterad",
    "retrieved": "hämtad",
    "sha256": "kontrollsumma",
    "file": "fil",
    "ties": "samband med andra",
    "parent": "överordnad",
    "urgency": "hur bråttom det är",
    "resource": "vem som kontaktas",
    "local": "lokal kontakt",
    "reason": "skäl",
    "url": "webbadress",
    "base_revision": "utgåvan du utgick från",
    "citations": "källor",
    "municipality": "kommunkod",
    "records": "poster",
    "kinds": "samlingar",
}
YES_NO_FIELDS = {
    "anonymous": "man får vara anonym",
    "free_of_charge": "kostar ingenting",
    "on_phone_bill": "syns på telefonräkningen",
    "interpreters": "tolk finns att få",
    "free": "kostar ingenting",
}
"""Fields with ja or nej, each worded as the statement that ja affirms: ”kostnad: nej” would read as its opposite."""
FIELD_NAMES: dict[str, str] = (
    OTHER_FIELDS
    | {name: words for kind in Kind for name, words in texts_of(kind, SWEDISH)["fields"].items()}
    | YES_NO_FIELDS
)
PROBLEMS = {
    "signed_out": (
        "Du är utloggad",
        "Inloggningen gäller i åtta timmar. Inget har sparats.",
    ),
    "foreign_form": (
        "Formuläret gäller inte längre",
        "Det hör till en annan inloggning. Öppna sidan på nytt och försök igen.",
    ),
    "not-found": ("Sidan finns inte", "Den kan ha tagits bort eller bytt adress."),
    "forbidden": (
        "Det får du inte göra",
        "Din roll eller behörighet räcker inte, eller så ska någon annan än du besluta.",
    ),
    "conflict": (
        "Någon annan hann före",
        "Posten eller ärendet har ändrats sedan du öppnade sidan. Inget har sparats.",
    ),
    "invalid-record": ("Det går inte att spara", "Inget har sparats."),
    "invalid-parameter": ("Det går inte att spara", "Inget har sparats."),
    "too-many-requests": ("För många försök på kort tid", "Vänta en minut och försök igen."),
    "unavailable": ("Tillfälligt ur funktion", "Försök igen om en stund. Inget har sparats."),
    "refused": ("Det går inte att läsa", "Öppna sidan på nytt och försök igen. Inget har sparats."),
    "internal-error": ("Något gick fel", "Felet är vårt, och det är noterat. Inget har sparats."),
}
SIGN_IN_FAULTS = {
    "link": ("Länken gäller inte längre.", "Den kan användas en gång, inom tio minuter. Be om en ny."),
    "account": ("Inloggningen gick inte att slutföra.", "Försök igen."),
    "role": (
        "Ditt konto har ingen roll i redaktionen.",
        "Den som sköter kontona i din organisation kan ge kontot en roll.",
    ),
    "waiting": (
        "Ditt konto väntar på behörighet.",
        "Be en administratör för katalogen om behörighet, och logga sedan in igen.",
    ),
    "scope": (
        "Kontots behörighet gäller något som inte finns i katalogen.",
        "Den som sköter kontona i din organisation kan rätta det.",
    ),
    "revoked": ("Din behörighet är återkallad.", "En administratör för katalogen kan ge dig en ny."),
    "busy": ("Flera loggar in just nu.", "Vänta några sekunder och försök igen."),
    "unavailable": ("Inloggningen är tillfälligt ur funktion.", "Försök igen om en stund, eller be om en engångslänk."),
}
CHOICE_NAMES = {
    "current": "aktuell",
    "unverified": "obekräftad",
    "outdated": "inaktuell",
    "ended": "avslutad",
    "phone": "telefon",
    "sms": "sms",
    "chat": "chatt",
    "email": "e-post",
    "web": "webb",
    "visit": "besök",
    "stated": "källan säger det",
    "inferred": "det är vår tolkning",
    **{
        name: text[SWEDISH]
        for kind in Kind
        for texts in profile_of(kind).values.values()
        for name, text in texts.items()
    },
}
"""Values that are chosen from a set."""
CHOSEN = frozenset({"status", "channel", "hours_basis", "date_basis", "urgency"}) | {
    name for kind in Kind for name in profile_of(kind).values
}
"""The fields that hold one of them."""
TASK_LEADS = {
    TaskKind.REPORT: "Se efter om rapporten stämmer. Rätta uppgiften om den är fel, och avsluta sedan rapporten.",
    TaskKind.MISSING_CONTACT: "Ring numret eller fråga verksamheten. Rätta sedan uppgiften, eller ange var den står.",
    TaskKind.MISSING_EVIDENCE: "Läs sidan. Rätta sedan uppgiften, eller ange vad sidan säger nu.",
    TaskKind.SOURCE_GONE: "Ta reda på vem som säger det nu och ange den källan. Säger ingen det är det inaktuellt.",
    TaskKind.SOURCES_FAILING: "Fråga den som driver tjänsten om datorn som kontrollerar källorna når nätet.",
    TaskKind.REVIEW_OVERDUE: "Ring eller fråga verksamheten. Rätta det som är fel och bekräfta sedan att det stämmer.",
    TaskKind.BROKEN_RECORD: "Rätta posten om den är fel här. Är den rätt ber du driften köra ”stodkatalog rebuild”.",
    TaskKind.WEBHOOK_DISABLED: "Be den som har webhooken att ta bort den och skapa en ny. Avsluta sedan ärendet.",
    TaskKind.OPERATOR_ACT: "Bedöm om ändringen är rimlig. Rätta den annars, och avsluta sedan ärendet.",
    TaskKind.HOURS_UNSTATED: "Fråga verksamheterna hur de har öppet då, och ange det som avvikande öppettider.",
}


def name_field(path: str, document: Document | None = None) -> str:
    """A field in words: `contact_points.telefon.value` → `Telefon: nummer eller adress`."""
    first, *rest = path.split(".")
    if first != "contact_points" or not rest:
        return _upper(_name_single(first))
    points = (document or {}).get("contact_points", ())
    labels = {str(point["id"]): str(point["label"]["sv"]) for point in points}
    point = labels.get(rest[0], rest[0])
    return f"{point}: {_name_single(rest[-1])}" if len(rest) > 1 else point


def _name_single(name: str) -> str:
    return FIELD_NAMES.get(name, name)


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def describe_value(value: Any) -> str:
    """A value of a document as a person reads it, on several lines where it has several parts."""
    if value in (None, [], ""):
        return "–"
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, list):
        return "\n".join(map(describe_value, value))
    if isinstance(value, Mapping):
        return _describe_parts(value)
    text = str(value)
    return (format_value(Channel.PHONE, text) or text) if text.startswith("+") else text


def _describe_parts(value: Mapping[str, Any]) -> str:
    if set(value) == {"sv", "en"}:
        return f"{value['sv']}\n(engelska) {value['en']}"
    if {"starts_on", "ends_on", "expression", "reason"} <= value.keys():
        return describe_exception(dict(value))
    return "\n".join(f"{_upper(_name_single(name))}: {describe_field(name, part)}" for name, part in value.items())


def describe_field(path: str, value: Any, names: Mapping[str, str] | None = None) -> str:
    """The value of a field as a person reads it: hours as a sentence. `names`: what ids in it are called."""
    name = path.rpartition(".")[2]
    if names and isinstance(value, list):
        return describe_value([names.get(item, item) if isinstance(item, str) else item for item in value])
    if isinstance(value, str):
        if name == "opening_hours":
            return describe_hours(value)
        if name in CHOSEN:
            return CHOICE_NAMES.get(value, value)
    return describe_value(value)


def describe_moment(when: datetime) -> str:
    """`28 november 2026 kl. 12.05`, in Stockholm."""
    return f"{date_in_words(when.astimezone(STOCKHOLM).date(), SWEDISH)} kl. {write_clock(when, SWEDISH)}"


GLOBALS: Mapping[str, Any] = {
    "role_names": ROLE_NAMES,
    "collection_names": COLLECTION_NAMES,
    "kind_names": KIND_NAMES,
    "state_names": STATE_NAMES,
    "problems": PROBLEMS,
    "sign_in_faults": SIGN_IN_FAULTS,
    "task_leads": TASK_LEADS,
    "name_field": name_field,
    "value_of": describe_value,
    "field_value": describe_field,
    "at": describe_moment,
}
"""What the templates use."""
