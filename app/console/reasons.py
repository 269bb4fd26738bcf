"""Translates into Swedish what the service itself writes into a change; words of people stay as they are."""

import re

from app.console.words import ORIGIN_NAMES, name_field
from app.records.models import Origin

_BY = re.compile(r"(?P<reason>.*) \((?P<how>accepted by|amended from what) (?P<name>.+?)(?: proposed)?\)", re.DOTALL)
_HOURS = re.compile(r"Other hours from (\S+) to (\S+): (.*)", re.DOTALL)
_FIELDS = re.compile(r"(?P<record>\S+ \S+): (?P<fields>.+) changed in the file and in the store")
_SENTENCES = {
    "the seed files say so": "så stod det i filerna då",
    "changed in the file, removed in the store": "ändrad i filen, borttagen i katalogen",
    "removed from the file, changed in the store": "borttagen ur filen, ändrad i katalogen",
    "the id is another record's in the store": "adressen är redan en annan posts i katalogen",
}


def name_author(actor: str, origin: Origin) -> str:
    """The author of a change; one that was read from the files has none."""
    return "Inläst från katalogens filer" if origin is Origin.SEED else actor


def describe_author(actor: str, origin: Origin) -> str:
    """The author of a change, and the way by which it came."""
    name = name_author(actor, origin)
    return name if origin is Origin.SEED else f"{name}, via {ORIGIN_NAMES[origin]}"


def translate_reason(reason: str) -> str:
    """The reason, with what the service wrote or added in Swedish."""
    if decided := _BY.fullmatch(reason):
        how = "godkänt av" if decided["how"] == "accepted by" else "ändrat efter ett förslag från"
        return f"{translate_reason(decided['reason'])} ({how} {decided['name']})"
    if hours := _HOURS.fullmatch(reason):
        return "Andra öppettider från {} till {}: {}".format(*hours.groups())
    if both := _FIELDS.fullmatch(reason):
        fields = ", ".join(map(name_field, both["fields"].split(", ")))
        return f"{both['record']}: ändrat både i filen och i katalogen: {fields}"
    record, separator, sentence = reason.rpartition(": ")
    return f"{record}{separator}{_SENTENCES.get(sentence, sentence)}"
