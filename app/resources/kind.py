"""The kinds of resources, and what `kind.toml` in the folder of each, such as `app/hotlines/`, says of it in words."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from app.texts import Text


class Kind(StrEnum):
    """What a resource is. The order is the order of lists over all kinds."""

    HOTLINE = "hotline"
    COORDINATOR = "coordinator"
    SUPPORT_SERVICE = "support_service"
    COURSE = "course"
    PROGRAM = "program"
    PUBLICATION = "publication"
    EVENT = "event"

    folder: str
    """The folder in `app/`, such as `support_services`; its seed file is named alike."""
    collection: str
    """The name in addresses, such as `support-services`."""

    def __init__(self, name: str) -> None:
        self.folder = f"{name}s"
        self.collection = self.folder.replace("_", "-")


class ServiceType(BaseModel):
    """What a kind is among the services of HSDS."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Text
    description: Text


class KindProfile(BaseModel):
    """What a kind is called, wherever it is named. Texts stand alone unless it says otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    is_reached: bool
    """Whether it is there to be reached: it is checked when its numbers and addresses are, where it has any."""
    in_menu: bool
    """Whether the menu of the pages leads to its list."""
    name: Text
    """One of them: `Stödlinje`."""
    plural: Text
    """Several, within a sentence: `stödlinjer`."""
    asked_as: str
    """The words in both languages that find all of the kind; what is written apart is asked for as one word as well."""
    path: Text
    """The path of its page, below `/sv` and `/en`."""
    menu: Text
    title: Text
    lead: Text
    tag: Text
    """The description of its tag in the OpenAPI document."""
    keyword: Text | None = None
    """Of the data set with all resources, for catalogues of open data."""
    service: ServiceType | None = None
    """None: HSDS has no service for it."""
    facts: Mapping[str, Text]
    """What the values of its own fields are called on its page."""
    fields: Mapping[str, Text]
    """Its own fields within a sentence: what a source states."""
    values: Mapping[str, Mapping[str, Text]] = {}
    """The words for values out of a set, by set."""


@cache
def profile_of(kind: Kind) -> KindProfile:
    """What `kind.toml` in the folder of the kind says. Raises ValidationError where something is missing."""
    file = Path(__file__).parents[1] / kind.folder / "kind.toml"
    return KindProfile.model_validate(tomllib.loads(file.read_text("utf-8")))
