"""`/` and `/profile/`: which HSDS this is, and what our profile adds to it."""

import json
from functools import lru_cache
from pathlib import Path as File
from typing import Annotated, Any, Required

from fastapi import Path, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from app.http.contract import Parameters, answers
from app.http.languages import LanguageDep
from app.http.links import base_url
from app.http.problems import NotFound
from app.http.routing import Router
from app.settings import Settings
from app.standards.hsds import BASE, HSDS_VERSION
from app.standards.hsds.addresses import uri
from app.standards.hsds.openapi import document_at, openapi_patch
from app.standards.hsds.shapes import Address
from app.texts import Text

PROFILE_VERSION = "1.0.0"
PATCHES = File(__file__).with_name("profile")
OPENAPI = "openapi.json"
NAME = Text(sv="Stödkatalogens HSDS-profil", en="The HSDS profile of Stödkatalogen")
DESCRIPTION = Text(
    sv="Det som HSDS saknar för svenska stödlinjer, koordinatorer och utbildningar: öppettider med helgdagar och "
    "okända klockslag, vem som säger vad, kursers form och längd, områdeskoder och publikationer. Varje fil är en "
    "merge patch (RFC 7386) på HSDS schema med samma namn; publication.json är ett eget objekt. Taxonomierna är "
    "katalogens egna.",
    en="What HSDS lacks for Swedish hotlines, coordinators and courses: hours with public holidays and unknown clock "
    "times, who states what, the form and length of courses, area codes, and publications. Each file is a merge patch "
    "(RFC 7386) on the HSDS schema of the same name; publication.json is an object of its own. The taxonomies are the "
    "directory's own.",
)
EMERGENCY = Text(sv="Vid akut fara: ring 112.", en="In immediate danger, call 112.")

router = Router(tags=["about"])
root = Router(include_in_schema=False)


class Publisher(TypedDict, total=False):
    """Who publishes this instance."""

    name: Required[str]
    identifier: Annotated[str, Field(description="The publisher's org-id (https://org-id.guide), where it is known.")]
    email: Required[Annotated[str, Field(json_schema_extra={"format": "email"})]]
    website: Required[Address]


class About(BaseModel):
    """Which HSDS this is, and whose."""

    version: str = Field(description="The version of HSDS.")
    profile: Address = Field(description="The address of our profile.")
    openapi_url: Address = Field(description="The address of the OpenAPI document.")
    description: str
    publisher: Publisher


class ProfileFile(BaseModel):
    """A file of the profile."""

    name: str = Field(description="The name of the HSDS file that it modifies.")
    url: Address


class Profile(BaseModel):
    """Our profile: its version, which is its own, and its files."""

    name: str
    version: str = Field(description="Semantic version of the profile.")
    hsds_version: str = Field(description="The version of HSDS that it modifies.")
    description: str
    files: list[ProfileFile]


@root.get(BASE)
@router.get("/", summary="Om detta API")
@answers(fresh=300)
def get_hsds_about(parameters: Annotated[Parameters, Query()], request: Request, language: LanguageDep) -> About:
    """The version of HSDS, our profile, this API's OpenAPI document and the publisher.

    HSDS-version, vår profil, OpenAPI-dokumentet och utgivaren.
    """
    settings: Settings = request.app.state.settings
    publisher: Publisher = {
        "name": settings.publisher_name,
        "email": settings.contact_email,
        "website": uri(settings.contact_url),
    }
    if settings.publisher_identifier is not None:
        publisher["identifier"] = settings.publisher_identifier
    return About(
        version=HSDS_VERSION,
        profile=f"{base_url(request)}{BASE}/profile/",
        openapi_url=f"{base_url(request)}{BASE}/{OPENAPI}",
        description=f"{EMERGENCY[language]} {DESCRIPTION[language]}",
        publisher=publisher,
    )


@router.get("/profile", include_in_schema=False)
@router.get("/profile/", summary="Vår profil")
@answers(fresh=300)
def get_hsds_profile(parameters: Annotated[Parameters, Query()], request: Request, language: LanguageDep) -> Profile:
    """What our profile adds to HSDS, and the files that say so.

    Vad vår profil lägger till HSDS, och filerna som anger det.
    """
    return Profile(
        name=NAME[language],
        version=PROFILE_VERSION,
        hsds_version=HSDS_VERSION,
        description=DESCRIPTION[language],
        files=[
            ProfileFile(name=name, url=f"{base_url(request)}{BASE}/profile/{name}") for name in (*patches(), OPENAPI)
        ],
    )


@router.get("/profile/{file}", summary="En fil i profilen", response_model=dict[str, Any])
@answers(fresh=300)
def get_hsds_profile_file(
    file: Annotated[str, Path(description="The name of the HSDS file that it modifies, such as `service.json`.")],
    parameters: Annotated[Parameters, Query()],
    request: Request,
) -> JSONResponse:
    """One file of the profile: a merge patch (RFC 7386) on the HSDS file of the same name.

    En fil i profilen: en merge patch på HSDS-filen med samma namn.
    """
    if file == OPENAPI:
        return JSONResponse(openapi_patch(document_at(request.app, base_url(request))))
    if file not in patches():
        raise NotFound(f"There is no file {file[:80]!r} in {BASE}/profile/, which lists those that are.")
    return JSONResponse(patches()[file])


@router.get("/openapi.json", include_in_schema=False)
@answers(fresh=300)
def get_hsds_openapi_document(parameters: Annotated[Parameters, Query()], request: Request) -> JSONResponse:
    """This API as an OpenAPI 3.1 document."""
    return JSONResponse(document_at(request.app, base_url(request)))


@lru_cache
def patches() -> dict[str, dict[str, Any]]:
    """The merge patches, by file."""
    return {file.name: json.loads(file.read_text(encoding="utf-8")) for file in sorted(PATCHES.glob("*.json"))}
