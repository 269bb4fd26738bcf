"""What HSDS calls its objects and their properties, and what our profile adds (see `profile/`).

No property is ever null and no array empty: what nobody states is left out, so everything but the required is
optional. Ids are UUIDs, dates and moments ISO 8601; `minutes` and `days` are what they say.
"""

from typing import Annotated, Required

from pydantic import Field
from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

Id = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
Day = Annotated[str, Field(json_schema_extra={"format": "date", "example": "2022-10-06"})]
Instant = Annotated[str, Field(json_schema_extra={"format": "date-time", "example": "2026-11-21T12:00:00.000Z"})]
Address = Annotated[str, Field(json_schema_extra={"format": "uri"})]


class Metadata(TypedDict, total=False):
    """A statement of a source: who states which field, when, and in which words."""

    id: Required[Id]
    resource_id: Id
    resource_type: str
    last_action_date: Required[Day]
    last_action_type: Required[str]
    field_name: Required[str]
    previous_value: Required[str]
    replacement_value: Required[str]
    updated_by: Required[str]
    source_title: str
    source_url: Address
    locator: str


class Taxonomy(TypedDict, total=False):
    """A vocabulary of the directory."""

    id: Required[Id]
    name: Required[str]
    description: Required[str]
    uri: Address
    version: str


class TaxonomyTerm(TypedDict, total=False):
    """A term of a vocabulary."""

    id: Required[Id]
    code: str
    name: Required[str]
    description: Required[str]
    parent_id: Id
    taxonomy: str
    taxonomy_id: Id
    taxonomy_detail: Taxonomy
    language: str
    term_uri: Address
    metadata: list[Metadata]


class Attribute(TypedDict, total=False):
    """A term that applies to a record."""

    id: Required[Id]
    link_id: Id
    link_type: str
    link_entity: str
    taxonomy_term_id: Id
    taxonomy_term: TaxonomyTerm


class Url(TypedDict, total=False):
    """A further web address."""

    id: Required[Id]
    url: Required[Address]
    label: str


class Spoken(TypedDict, total=False):
    """A language that somebody answers in (ISO 639)."""

    id: Required[Id]
    code: str


class Phone(TypedDict, total=False):
    """A number: E.164, or a Swedish short number such as 112."""

    id: Required[Id]
    number: Required[str]
    type: str
    description: str
    languages: list[Spoken]
    anonymous: bool
    free_of_charge: bool
    on_phone_bill: bool
    interpreters: bool


class Contact(TypedDict, total=False):
    """A function to turn to, never a named person."""

    id: Required[Id]
    title: str
    department: str
    email: str
    phones: list[Phone]


class Schedule(TypedDict, total=False):
    """Hours of every week, or in words; on Swedish clocks."""

    id: Required[Id]
    service_at_location_id: Id
    phone_id: Id
    valid_from: Day
    valid_to: Day
    freq: str
    byday: str
    opens_at: str
    closes_at: str
    description: str
    notes: str
    time_zone: str
    opening_hours: str
    basis: str
    basis_reason: str
    exceptional: bool


class ServiceArea(TypedDict, total=False):
    """An area that is served."""

    id: Required[Id]
    name: str
    description: str
    uri: Address
    area_code: str
    area_kind: str


class CostOption(TypedDict, total=False):
    """A price that a source states."""

    id: Required[Id]
    option: str
    currency: str
    amount: float
    amount_description: str


class Funding(TypedDict, total=False):
    """Who pays."""

    id: Required[Id]
    source: str


class Program(TypedDict, total=False):
    """A programme that a service is given under."""

    id: Required[Id]
    organization_id: Id
    name: Required[str]
    description: Required[str]


class Participation(TypedDict):
    """An organization's part in a record."""

    organization_id: Id
    name: str
    role: str


class Course(TypedDict, total=False):
    """What is a course's own."""

    format: str
    minutes: int
    days: int
    duration_stated: str
    chapters: int
    launched_on: Day


class Location(TypedDict, total=False):
    """Where: on the web, or at a visiting address in one line."""

    id: Required[Id]
    location_type: Required[str]
    url: Address
    name: str
    description: str
    languages: list[Spoken]


class Tie(TypedDict):
    """What an organization is to another."""

    tie: str
    organization_id: Id
    name: str


class OrganizationBrief(TypedDict, total=False):
    """An organization as lists show it."""

    id: Required[Id]
    name: Required[str]
    description: Required[str]
    website: Address
    parent_organization_id: Id
    record_status: str
    last_modified: Instant


class LocationOfService(TypedDict, total=False):
    """A service at a location, as the service shows it."""

    id: Required[Id]
    service_id: Id
    location_id: Id
    schedules: list[Schedule]
    location: Location


class Service(TypedDict, total=False):
    """A service; lists leave out its arrays."""

    id: Required[Id]
    organization_id: Id
    program_id: Id
    name: Required[str]
    description: str
    url: Address
    email: str
    status: Required[str]
    interpretation_services: str
    eligibility_description: str
    application_process: str
    fees_description: str
    minimum_age: int
    maximum_age: int
    assured_date: Day
    alert: str
    last_modified: Instant
    organization: OrganizationBrief
    program: Program
    record_status: str
    stated_on: Day
    review_due: Day
    reached_through_service_id: Id
    available_from: Day
    granted_days: int
    course: Course
    additional_urls: list[Url]
    phones: list[Phone]
    schedules: list[Schedule]
    service_areas: list[ServiceArea]
    service_at_locations: list[LocationOfService]
    languages: list[Spoken]
    funding: list[Funding]
    cost_options: list[CostOption]
    contacts: list[Contact]
    attributes: list[Attribute]
    metadata: list[Metadata]
    organizations: list[Participation]


class ServiceAtLocation(TypedDict, total=False):
    """A service at a location; lists leave out the arrays."""

    id: Required[Id]
    service_id: Id
    location_id: Id
    location: Location
    service: Service
    service_areas: list[ServiceArea]
    schedules: list[Schedule]


class Organization(OrganizationBrief, total=False):
    """An organization with all that belongs to it."""

    services: list[Service]
    programs: list[Program]
    ties: list[Tie]
    metadata: list[Metadata]


class Publication(TypedDict, total=False):
    """A report, manual or guidance: an object of our profile, since HSDS has none."""

    id: Required[Id]
    name: Required[str]
    description: str
    type: Required[str]
    title: str
    year: int
    published_on: Day
    number: str
    edition: str
    url: Address
    record_status: Required[str]
    stated_on: Day
    assured_date: Day
    last_modified: Required[Instant]
    organizations: list[Participation]
    attributes: list[Attribute]
    metadata: list[Metadata]
