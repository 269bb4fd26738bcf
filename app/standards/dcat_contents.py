"""What the catalogue lists: data sets, the forms they come in, and the services that give them."""

from collections.abc import Sequence
from typing import NamedTuple

from app.resources.kind import Kind, profile_of
from app.texts import Text

PATH = "/datasets/dcat"
TITLE = Text(
    sv="Stödkatalogen: stöd vid prostitution, människohandel och sexuell exploatering",
    en="Stödkatalogen: support in cases of prostitution, human trafficking and sexual exploitation",
)
DESCRIPTION = Text(
    sv="Öppna data om stödlinjer, regionkoordinatorer, utbildningar, öppettider, organisationer, program och "
    "publikationer i Sveriges arbete mot prostitution, människohandel och sexuell exploatering. "
    "Varje uppgift har en källa.",
    en="Open data on hotlines, regional coordinators, courses, opening hours, organizations, programmes and "
    "publications in Sweden's work against prostitution, human trafficking and sexual exploitation. "
    "Every fact has a source.",
)
KEYWORDS = (
    Text(sv="prostitution", en="prostitution"),
    Text(sv="människohandel", en="human trafficking"),
    Text(sv="sexuell exploatering", en="sexual exploitation"),
    Text(sv="stöd", en="support"),
)
SOCIETY, JUSTICE, HEALTH, REGIONS, EDUCATION = "SOCI", "JUST", "HEAL", "REGI", "EDUC"
"""Themes of the EU's data-theme vocabulary."""


class Form(NamedTuple):
    """A form that a data set comes in. `file_type` is the EU's name for it, `media_type` IANA's; None: none is
    registered."""

    id: str
    title: Text
    path: str
    file_type: str
    media_type: str | None
    service: str
    is_file: bool = False


class DataSet(NamedTuple):
    """A data set; it changes when resources of `kinds` do (none: only with the administrative division)."""

    id: str
    title: Text
    description: Text
    keywords: tuple[Text, ...]
    themes: tuple[str, ...]
    kinds: tuple[Kind, ...]
    forms: tuple[Form, ...]


class Service(NamedTuple):
    """An API."""

    id: str
    title: Text
    description: Text
    path: str
    conforms_to: str
    standard: Text


def _api(name: str, title: Text, path: str) -> Form:
    return Form(name, title, path, "JSON", "application/json", "v1")


def _csv(name: str, path: str) -> Form:
    return Form(name, Text(sv="CSV-fil", en="CSV file"), path, "CSV", "text/csv", "v1", is_file=True)


def _enumerate(names: Sequence[str], and_: str) -> str:
    """As a sentence begins: `Hotlines, courses and events`."""
    listed = f"{', '.join(names[:-1])} {and_} {names[-1]}"
    return listed[:1].upper() + listed[1:]


PROFILES = [profile_of(kind) for kind in Kind]
API = Text(sv="JSON genom API:et", en="JSON through the API")
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

RESOURCES = DataSet(
    "resources",
    Text(sv="Allt i Stödkatalogen", en="Everything in Stödkatalogen"),
    Text(
        sv=f"{_enumerate([profile.plural.sv for profile in PROFILES], 'och')}, med kontaktvägar, målgrupper, områden, "
        "status, datum och källor. Okänt står som okänt.",
        en=f"{_enumerate([profile.plural.en for profile in PROFILES], 'and')}, with contact points, audiences, areas, "
        "status, dates and sources. What is unknown is said to be unknown.",
    ),
    (*KEYWORDS, *(profile.keyword for profile in PROFILES if profile.keyword)),
    (SOCIETY, JUSTICE, HEALTH),
    tuple(Kind),
    (
        _api("resources-json", API, "/v1/resources"),
        Form(
            "resources-jsonld",
            Text(sv="JSON-LD med schema.orgs ord", en="JSON-LD in the words of schema.org"),
            "/v1/resources.jsonld",
            "JSON_LD",
            "application/ld+json",
            "v1",
        ),
        Form(
            "resources-hsds",
            Text(sv="JSON enligt Open Referral HSDS 3.2", en="JSON in Open Referral's HSDS 3.2"),
            "/hsds/v3/services",
            "JSON",
            "application/json",
            "hsds",
        ),
        _csv("resources-csv", "/v1/exports/resources.csv"),
        Form(
            "resources-ndjson",
            Text(sv="JSON, ett objekt på varje rad", en="JSON, one object a line"),
            "/v1/exports/resources.ndjson",
            "JSON",
            None,
            "v1",
            is_file=True,
        ),
        Form(
            "resources-xlsx",
            Text(sv="Kalkylark", en="Spreadsheet"),
            "/v1/exports/resources.xlsx",
            "XLSX",
            SPREADSHEET,
            "v1",
            is_file=True,
        ),
        Form(
            "resources-zip",
            Text(sv="Datapaket (Frictionless) med CSV-filer", en="Data package (Frictionless) with CSV files"),
            "/v1/exports/datapackage.zip",
            "ZIP",
            "application/zip",
            "v1",
            is_file=True,
        ),
    ),
)
COURSES = DataSet(
    "courses",
    Text(sv="Utbildningar för yrkesverksamma", en="Training courses for professionals"),
    Text(
        sv="Utbildningar om prostitution, människohandel och sexuell exploatering. Längd, pris och form anges bara där "
        "en källa gör det.",
        en="Courses on prostitution, human trafficking and sexual exploitation. Length, price and format stand only "
        "where a source states them.",
    ),
    (*KEYWORDS, Text(sv="utbildning", en="training")),
    (EDUCATION, SOCIETY),
    (Kind.COURSE,),
    (_api("courses-json", API, "/v1/courses"), _csv("courses-csv", "/v1/exports/resources.csv?kind=course")),
)
OPENING_HOURS = DataSet(
    "opening-hours",
    Text(sv="Kontaktvägar och öppettider", en="Contact points and opening hours"),
    Text(
        sv="När stödlinjer och verksamheter är bemannade, som OSM-uttryck med svenska helgdagar. Läget är öppet, "
        "stängt, okänt eller inte angivet; ingenting gissas.",
        en="When hotlines and services are staffed, as OSM expressions with Swedish public holidays. The state is "
        "open, closed, unknown or not stated; nothing is guessed.",
    ),
    (*KEYWORDS, Text(sv="öppettider", en="opening hours")),
    (SOCIETY, HEALTH),
    tuple(Kind),
    (
        _api("opening-hours-json", API, "/v1/opening-hours"),
        _csv("opening-hours-csv", "/v1/exports/contact-points.csv"),
    ),
)
AREAS = DataSet(
    "areas",
    Text(
        sv="Samordningsregioner med län och kommuner", en="Coordination regions with their counties and municipalities"
    ),
    Text(
        sv="De sju samordningsregionerna mot prostitution och människohandel, och vilka län och kommuner som hör till "
        "var och en.",
        en="The seven coordination regions against prostitution and human trafficking, and the counties and "
        "municipalities of each.",
    ),
    (*KEYWORDS, Text(sv="kommuner", en="municipalities"), Text(sv="län", en="counties")),
    (REGIONS, SOCIETY),
    (),
    (
        _api("areas-regions", Text(sv="Samordningsregioner", en="Coordination regions"), "/v1/coordination-regions"),
        _api("areas-counties", Text(sv="Län", en="Counties"), "/v1/counties"),
        _api("areas-municipalities", Text(sv="Kommuner", en="Municipalities"), "/v1/municipalities"),
    ),
)
DATA_SETS = (RESOURCES, COURSES, OPENING_HOURS, AREAS)

SERVICES = (
    Service(
        "v1",
        Text(sv="Stödkatalogens API", en="The API of Stödkatalogen"),
        Text(
            sv="REST-API enligt Sveriges REST API-profil, utan inloggning.",
            en="REST API that follows Sweden's REST API profile, without log-in.",
        ),
        "/v1",
        "https://spec.openapis.org/oas/v3.1.0",
        Text(sv="OpenAPI 3.1", en="OpenAPI 3.1"),
    ),
    Service(
        "hsds",
        Text(sv="Stödkatalogen enligt HSDS", en="Stödkatalogen in HSDS"),
        Text(
            sv="Open Referrals API för resurskataloger (HSDS 3.2), med en svensk profil.",
            en="Open Referral's API for resource directories (HSDS 3.2), with a Swedish profile.",
        ),
        "/hsds/v3",
        "https://docs.openreferral.org/en/3.2/",
        Text(sv="Human Services Data Specification 3.2", en="Human Services Data Specification 3.2"),
    ),
)
