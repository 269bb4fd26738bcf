"""What faults say, and how that is said in Swedish."""

import re

_FORMS = {
    r"would not change": "Inget är ändrat.",
    r"was changed by somebody else": "Det har ändrats sedan du öppnade sidan.",
    r"was changed again since": "Det har ändrats igen sedan dess.",
    r"is not the one that stands": "Posten har ändrats sedan du öppnade sidan.",
    r"stands already.*": "Den finns redan.",
    r"no such record stands: (.+)": "Det finns ingen sådan post: {0}",
    r"'.*' is no \w+(?: in force)?": "Det finns ingen sådan post.",
    r"is none of sources, .*": "Det finns ingen sådan samling.",
    r"String should have at least 1 character": "Fyll i.",
    r"String should have at least (\d+) characters?": "Skriv minst {0} tecken.",
    r"String should have at most (\d+) characters?, not (\d+)": "Skriv högst {0} tecken. Texten har {1}.",
    r"String should have at most (\d+) characters?": "Skriv högst {0} tecken.",
    r"Input should be a valid date.*": "Skriv ett datum, till exempel 2026-11-28.",
    r"Input should be a valid integer.*": "Skriv ett heltal.",
    r"Input should be a valid .*": "Det är inte skrivet på rätt sätt.",
    r"(?:Input|Date) should be greater than (?:or equal to )?(.+)": "Värdet är för litet: gränsen är {0}.",
    r"(?:Input|Date) should be less than (?:or equal to )?(.+)": "Värdet är för stort: gränsen är {0}.",
    r"Input should be '.*": "Välj ett av alternativen.",
    r"List should have at least (\d+) items?.*": "Ange minst {0}.",
    r"List should have at most (\d+) items?.*": "Ange högst {0}.",
    r"Field required": "Fyll i uppgiften.",
    r"Extra inputs are not permitted": "Uppgiften finns inte för den här sortens post.",
    r"String should match pattern '\^https://.*": "Adressen börjar med https:// och har inga mellanslag.",
    r"String should match pattern '\^\[0-9\]\{4\}.*": "Skriv kommunens kod, fyra siffror.",
    r"String should match pattern '\^\[a-z-\]\{1,40\}/.*": "Skriv samling och id med snedstreck emellan, till exempel "
    "hotlines/kvinnofridslinjen.",
    r"String should match pattern .*": "Det är inte skrivet på rätt sätt.",
    r"is none of [\w, -]+": "Det finns inget sådant.",
    r"holds a key: .*": "Texten innehåller en nyckel. Ta bort den.",
    r"holds control characters.*": "Texten innehåller tecken som inte syns. Skriv om den.",
}
_RECORDS = {
    r"no citation for: (?P<fields>.+)": "Uppgiften saknar källa: {fields}",
    r"citation for a field that is not published: (?P<fields>.+)": "En källa anges för en uppgift som är tom: {fields}",
    r".*is neither a valid number.*": "Det är inte ett giltigt telefonnummer.",
    r".* is no e-mail address": "Det är inte en giltig e-postadress.",
    r".* is no web address: .*": "Det är inte en giltig webbadress: den börjar med https:// och har inga mellanslag.",
    r"(\w+) is no municipality": "Ingen kommun har koden {0}.",
    r"holds more than once: (.+)": "Samma sak står flera gånger: {0}",
    r"is a single line": "Skriv på en enda rad.",
    r"is above max_age": "Den är högre än den högsta åldern.",
    r"a resource that is superseded .*": "En post som är ersatt har status inaktuell eller avslutad.",
    r"is the resource itself": "Det är posten själv.",
    r"is used (\d+) times": "Den används {0} gånger.",
    r"is larger than (\d+) kB": "Posten är för stor: den får ha högst {0} kB.",
    r"belongs to another record already": "Den är redan en annan posts.",
    r"cannot be removed: '(.+)' refers to it": "Posten kan inte tas bort: {0} hänvisar till den.",
    r"has (\d+) records; it has one": "Koordinationsregionen har redan en post.",
    r"the step '(.+)' of the escalation needs it in force": "Kontaktordningen behöver posten, i steget {0}.",
    r"'(.+)' lies within it, or in a ring of terms": "{0} ligger redan under den.",
    r"has none: nothing is above it": "Inget ligger ovanför den.",
    r"a step names either a resource or a local contact": "Ange antingen en post eller en lokal kontakt.",
    r"reason_sv and reason_en are for an inferred basis.*": "Ange skälet på båda språken bara om det är en tolkning.",
    r"was the id of a hotline.*": "En stödlinje har haft den adressen, och bara en stödlinje kan få den.",
    r"is another's statement of the same day": "Någon annan har lämnat en uppgift med samma namn samma dag.",
    r"is not \S+, which the address of the new record says": "Den stämmer inte med postens adress.",
    r"\d+ made the record; .*": "Så såg posten ut från början. Det finns inget tidigare att gå tillbaka till.",
    r"\d+ is no revision of this record .*": "Det finns ingen sådan utgåva av posten.",
}
_CONFIRMED = {
    r"is not cited for: (?P<fields>.+)": "Källan är inte angiven för {fields}. Välj en källa som är det. Om en annan "
    "källa säger det lägger du först till den under Ändra.",
    r"is cited in words without the value of: (?P<fields>.+)": "De ord som är citerade ur källan innehåller inte det "
    "som vi skriver i {fields}. Står det i källan anger du först de orden under Ändra. Annars ringer du, eller frågar "
    "verksamheten.",
}
_HOURS = {
    r"PH: write a rule for each eve.*": "Ange också öppettiderna på aftnarna, eller att det är stängt då.",
    r"opening_hours needs hours_stated.*": "Ange källans egna ord om öppettiderna.",
    r"hours_reason is for inferred hours.*": "Ange skälet bara om öppettiderna är en tolkning.",
    r"opening_hours and hours_basis.*": "Ange både öppettiderna och hur säkra de är.",
    r"need opening_hours .*": "Ange först de vanliga öppettiderna.",
    r"(\d{4}-\d\d-\d\d) is after (\d{4}-\d\d-\d\d)": "Första dagen, {0}, kommer efter den sista, {1}.",
    r".* is not one rule of hours: .*": "Skriv tider, till exempel 10–12, 13–15, eller stängt.",
    r"(\S+) falls under two of them": "{0} ingår i två rader.",
    r"longer than \d+ characters.*": "Öppettiderna är för långa.",
    r"empty": "Fyll i öppettiderna.",
    r"(U\+\w+) is not a printable character": "Ett tecken syns inte ({0}). Ta bort det.",
    r"cannot be read from here: (.*)": "Det går inte att läsa från och med ”{0}”.",
    r"ends too early": "Något saknas i slutet.",
    r'(".*") has no state before it: .*': "Skriv unknown, open eller off före {0}.",
    r"\|\| falls back .*": "Skriv ut tiderna i varje regel i stället för ||.",
    r"\+ leaves an end open .*": "Skriv ut tiderna i stället för +.",
    r"(\w+) hangs on the sun: .*": "Skriv ett klockslag i stället för {0}.",
    r"SH is not known: .*": "Skriv ut skollovens datum: de skiljer sig mellan kommunerna.",
    r"PH.* counts from a public holiday: .*": "Skriv ut datumen i stället för att räkna från en helgdag.",
    r"48:00 at the end .*": "Skriv en regel för varje dag i stället för 48:00.",
    r"(.+) repeats within a span, .*": "Skriv ut tiderna i stället för {0}.",
    r"(.+) runs past midnight, .*": "{0} går över midnatt, och en senare regel ändrar hela dygn. Skriv tiden fram till "
    "24:00, och tiden efter midnatt som en egen regel på dagen efter.",
    r"(.+): \w+ has \d+ days": "Datumet finns inte: {0}.",
    r"(.+) runs backwards: name both months": "{0} går baklänges: skriv båda månaderna.",
    r'"(.*)" has no English text in .*': "Kommentaren ”{0}” finns inte på engelska. Använd en som katalogen redan har, "
    "eller be den som driver tjänsten att lägga till den.",
}
_ACCESS = {
    r"is no public address": "Adressen finns inte på det öppna nätet.",
    r"is an address (with a host|whose host).*": "Det går inte att skicka till adressen.",
    r"A key's name is that of a role or an organization.*": "Ange en roll eller en organisation, på en rad och med "
    "högst 80 tecken.",
    r"A key's name has Latin letters only.*": "Namnet får bara innehålla latinska bokstäver, och inga osynliga tecken.",
    r"A key lasts from 1 to (\d+) days": "En nyckel gäller i 1 till {0} dagar.",
    r"An admin has no scope": "En administratör har behörighet till hela katalogen: lämna fältet tomt.",
    r"A key is named '(.+)', which reads the same; .*": "En nyckel heter redan {0}, och namnen läses likadant. Använd "
    "det namnet, eller ett som skiljer sig mer.",
    r"There is no key (\w+); .*": "Det finns ingen nyckel {0}.",
    r"Key (\w+) is revoked already": "Nyckeln {0} är redan återkallad.",
    r"is none of records=.*": "Behörigheten skrivs municipality=…, organization=… eller records=…",
}
FAULTS = tuple(
    (re.compile(pattern, re.DOTALL), sentence)
    for patterns in (_ACCESS, _CONFIRMED, _HOURS, _RECORDS, _FORMS)
    for pattern, sentence in patterns.items()
)
"""Patterns of what faults say, the particular ones first. `fields` in a pattern are named in Swedish, too."""
UNREADABLE_HOURS = "Öppettiderna går inte att läsa. Skriv dem på ett annat sätt."
"""What is said of hours where the parser says something that is not foreseen."""
