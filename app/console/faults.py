"""What is wrong with what was sent, in Swedish."""

import re
from collections.abc import Callable

from app.access.keys import KeyRefused
from app.console.words import name_field
from app.http.problems import ProblemError
from app.records.documents import Document
from app.records.faults import InvalidRecords

FAULTS = (
    (re.compile(r"no citation for: (.+)"), "Uppgiften saknar källa: {0}"),
    (re.compile(r"citation for a field that is not published: (.+)"), "En källa anges för en uppgift som är tom: {0}"),
    (re.compile(r"would not change"), "Inget är ändrat."),
    (re.compile(r"was changed by somebody else"), "Det har ändrats av någon annan sedan du öppnade sidan."),
    (
        re.compile(r"at \d+: PH: write a rule for each eve.*"),
        "Ange också öppettiderna på aftnarna, eller att det är stängt då.",
    ),
    (re.compile(r"opening_hours needs hours_stated.*"), "Ange källans egna ord om öppettiderna."),
    (re.compile(r"hours_reason is for inferred hours.*"), "Ange skälet bara om öppettiderna är en tolkning."),
    (re.compile(r"opening_hours and hours_basis.*"), "Ange både öppettiderna och hur säkra de är."),
    (re.compile(r".*is neither a valid number.*"), "Det är inte ett giltigt telefonnummer."),
    (re.compile(r"String should have at least 1 character"), "Fyll i."),
    (re.compile(r"String should have at least (\d+) characters?"), "Skriv minst {0} tecken."),
    (re.compile(r"String should have at most (\d+) characters?"), "Skriv högst {0} tecken."),
    (re.compile(r"stands already.*"), "Den finns redan."),
    (re.compile(r"Input should be a valid date.*"), "Skriv ett datum, till exempel 2026-11-28."),
    (re.compile(r"Input should be '.*"), "Välj ett av alternativen."),
    (re.compile(r"Field required"), "Fyll i uppgiften."),
    (re.compile(r"String should match pattern '\^https://.*"), "Adressen börjar med https:// och har inga mellanslag."),
    (re.compile(r"String should match pattern '\^\[0-9\]\{4\}.*"), "Skriv kommunens kod, fyra siffror."),
    (
        re.compile(r"String should match pattern '\^\[a-z-\]\{1,40\}/.*"),
        "Skriv samling och id med snedstreck emellan, till exempel hotlines/kvinnofridslinjen.",
    ),
    (re.compile(r"String should match pattern .*"), "Det är inte skrivet på rätt sätt."),
    (re.compile(r".* is no e-mail address"), "Det är inte en giltig e-postadress."),
    (
        re.compile(r".* is no web address: .*"),
        "Det är inte en giltig webbadress: den börjar med https:// och har inga mellanslag.",
    ),
    (re.compile(r"'.*' is no \w+(?: in force)?"), "Det finns ingen sådan post."),
    (re.compile(r"is no public address"), "Adressen finns inte på det öppna nätet."),
    (re.compile(r"is an address (with a host|whose host).*"), "Det går inte att skicka till adressen."),
    (
        re.compile(r"A key's name is that of a role or an organization.*"),
        "Ange en roll eller en organisation, på en rad och med högst 80 tecken.",
    ),
    (
        re.compile(r"A key's name has Latin letters only.*"),
        "Namnet får bara innehålla latinska bokstäver, och inga osynliga tecken.",
    ),
    (re.compile(r"A key lasts from 1 to (\d+) days"), "En nyckel gäller i 1 till {0} dagar."),
    (re.compile(r"An admin has no scope"), "En administratör har behörighet till hela katalogen: lämna fältet tomt."),
    (
        re.compile(r"A key is named '(.+)', which reads the same; .*"),
        "En nyckel heter redan {0}, och namnen läses likadant. Använd det namnet, eller ett som skiljer sig mer.",
    ),
    (re.compile(r"There is no key (\w+); .*"), "Det finns ingen nyckel {0}."),
    (re.compile(r"Key (\w+) is revoked already"), "Nyckeln {0} är redan återkallad."),
    (re.compile(r"is none of records=.*"), "Behörigheten skrivs municipality=…, organization=… eller records=…"),
    (re.compile(r"is none of sources, .*"), "Det finns ingen sådan samling."),
    (re.compile(r"no such record stands: (.+)"), "Det finns ingen sådan post: {0}"),
    (re.compile(r"(\w+) is no municipality"), "Ingen kommun har koden {0}."),
)
"""What a fault says, and how it is said in Swedish; what is between brackets is named in Swedish, too."""


LANGUAGES = {"sv": "på svenska", "en": "på engelska"}
ROW_INPUTS = {"starts_on": "första dagen", "ends_on": "sista dagen", "expression": "tider", "reason": "varför"}
"""The inputs of a row of other hours on some days."""
ABOUT_CHANGE = {"reason": "Varför", "decision": "Ditt beslut"}
"""The inputs of every form that say nothing of the record itself."""


def explain_faults(error: ProblemError, document: Document | None = None) -> list[str]:
    """What is wrong, each with its field, in Swedish where we know how it is said."""
    return [_explain(fault.parameter, fault.detail, document) for fault in error.errors]


def explain_key_fault(error: KeyRefused | InvalidRecords) -> list[str]:
    """Why a key cannot be made or revoked, in Swedish."""
    reasons = [str(error)] if isinstance(error, KeyRefused) else [fault.reason for fault in error.faults]
    return [_translate(reason, str) for reason in reasons]


def _translate(reason: str, name: Callable[[str], str]) -> str:
    """A reason in Swedish where we know how it is said. `name`: says what it names, such as a field."""
    for pattern, sentence in FAULTS:
        if match := pattern.fullmatch(reason):
            return sentence.format(
                *(", ".join(name(one.strip()) for one in part.split(",")) for part in match.groups())
            )
    return reason


def _explain(parameter: str, detail: str, document: Document | None) -> str:
    reason = _translate(re.sub(r"^\w+ [\w-]+: ", "", detail), lambda path: name_field(path, document))
    if parameter == "record":
        return reason
    return f"{ABOUT_CHANGE.get(parameter) or _name_input(parameter, document)}: {reason}"


def _name_input(path: str, document: Document | None) -> str:
    """The input that a fault is about, as its label reads; contact points and rows are numbered from 0 in a path."""
    owner, _, last = path.rpartition(".")
    if owner and last in LANGUAGES:
        return f"{_name_input(owner, document)} {LANGUAGES[last]}"
    if row := re.fullmatch(r".*\bexceptions\.(\d+)\.(\w+)", path):
        return f"Avvikande öppettider {int(row[1]) + 1}, {ROW_INPUTS.get(row[2], row[2])}"
    if point := re.fullmatch(r"contact_points\.(\d+)\.(\w+).*", path):
        points = (document or {}).get("contact_points", ())[int(point[1]) :]
        return name_field(f"contact_points.{points[0]['id']}.{point[2]}" if points else point[2], document)
    return name_field(path, document)
