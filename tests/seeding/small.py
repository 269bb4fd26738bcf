"""A small seed folder, whole and in order, for tests to break."""

from pathlib import Path

FILES = {
    "sources.toml": """
[[source]]
id = "sida"
title = "En sida"
publisher = "En myndighet"
url = "https://myndighet.example/sida"
retrieved = 2026-11-01
file = "sida.txt"
""",
    "audiences.toml": """
[[audience]]
id = "alla"
name = {sv = "Alla", en = "Everyone"}
description = {sv = "Vem som helst.", en = "Anybody."}
[[audience.citations]]
source = "sida"
evidence = "020-390 000"
fields = ["name", "description"]

[[audience]]
id = "unga"
parent = "alla"
name = {sv = "Unga", en = "Young people"}
description = {sv = "Unga.", en = "The young."}
[[audience.citations]]
source = "sida"
evidence = "020-390 000"
fields = ["name", "description"]
""",
    "topics.toml": "",
    "organizations.toml": """
[[organization]]
id = "myndigheten"
name = {sv = "Myndigheten", en = "The agency"}
description = {sv = "En myndighet.", en = "An agency."}
[[organization.citations]]
source = "sida"
evidence = "020-390 000"
fields = ["name", "description"]
""",
    "escalation.toml": """
[[step]]
id = "radgor"
urgency = "advice"
resource = "linjen"
reason = {sv = "Rådgör.", en = "Ask for advice."}
[[step.citations]]
source = "sida"
evidence = "020-390 000"
fields = ["urgency", "resource", "reason"]
""",
    "areas/country.csv": """code,name_sv,name_en,parent,iso_3166_2,places,source,locator,evidence
SE,Sverige,Sweden,,,,sida,,020-390 000
""",
    "areas/coordination-regions.csv": """code,name_sv,name_en,parent,iso_3166_2,places,source,locator,evidence
vast,Region Väst,Region Väst,SE,,,sida,,020-390 000
ost,Region Öst,Region Öst,SE,,,sida,,020-390 000
""",
    "areas/counties.csv": """code,name_sv,name_en,parent,iso_3166_2,places,source,locator,evidence
13,Hallands län,Halland County,vast,SE-N,,sida,,020-390 000
""",
    "areas/municipalities.csv": """code,name_sv,name_en,parent,iso_3166_2,places,source,locator,evidence
1380,Halmstad,Halmstad,13,,Getinge,sida,,020-390 000
""",
    "hotlines.toml": """
[[hotline]]
id = "linjen"
status = "current"
name = {sv = "Linjen", en = "The line"}
summary = {sv = "En linje.", en = "A line."}
organizations = [{id = "myndigheten", role = "provider"}]
audiences = ["alla"]
areas = ["SE"]

[[hotline.contact_points]]
id = "telefon"
channel = "phone"
label = {sv = "Telefon", en = "Phone"}
value = "+4620390000"
opening_hours = "Mo-Fr 09:00-16:00; PH off; Jun 19-25 Fr off; Dec 24 off; Dec 31 off"
hours_basis = "stated"
hours_stated = "vardagar 9–16"

[[hotline.citations]]
source = "sida"
locator = "rad 2"
evidence = "020-390 000"
fields = [
    "name", "summary", "organizations", "audiences", "areas",
    "contact_points.telefon.channel", "contact_points.telefon.value", "contact_points.telefon.opening_hours",
]
""",
    "coordinators.toml": """
[[coordinator]]
id = "koordinator-vast"
status = "current"
name = {sv = "Regionkoordinator Väst", en = "Regional coordinator, Väst"}
summary = {sv = "Samordnar.", en = "Coordinates."}
areas = ["vast"]
coordination_region = "vast"
reached_through = "linjen"
[[coordinator.citations]]
source = "sida"
evidence = "020-390 000"
fields = ["name", "summary", "areas", "coordination_region", "reached_through"]

[[coordinator]]
id = "koordinator-ost"
status = "current"
name = {sv = "Regionkoordinator Öst", en = "Regional coordinator, Öst"}
summary = {sv = "Samordnar.", en = "Coordinates."}
areas = ["ost"]
coordination_region = "ost"
[[coordinator.citations]]
source = "sida"
evidence = "020-390 000"
fields = ["name", "summary", "areas", "coordination_region"]
""",
    "support_services.toml": "",
    "courses.toml": "",
    "programs.toml": "",
    "publications.toml": "",
    "events.toml": "",
}


def write_folder(folder: Path) -> Path:
    """Write the small seed into a folder."""
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Replace the first `old` in a file, which must be there."""
    content = (folder / name).read_text("utf-8")
    assert old in content, f"{old!r} is not in {name}"
    (folder / name).write_text(content.replace(old, new, 1), "utf-8")


EXCEPTION = """[[hotline.contact_points.exceptions]]
starts_on = {0}
ends_on = {1}
expression = '{2}'
reason = {{sv = "Semesterstängt", en = "Closed for holidays"}}

"""


def add_exceptions(folder: Path, *exceptions: tuple[str, str, str]) -> None:
    """Give the line other hours: first day, last day, expression. Cite them."""
    written = "".join(EXCEPTION.format(*one) for one in exceptions)
    edit(folder, "hotlines.toml", "[[hotline.citations]]", f"{written}[[hotline.citations]]")
    edit(folder, "hotlines.toml", "fields = [", 'fields = ["contact_points.telefon.exceptions", ')
