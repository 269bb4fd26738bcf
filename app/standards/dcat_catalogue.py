"""The catalogue of our data sets as a graph, in DCAT-AP-SE 3.0.1.

https://docs.dataportal.se/dcat/3.0.1/sv/
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rdflib import DCAT, DCTERMS, FOAF, RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from app.resources.models import Kind
from app.settings import Settings
from app.standards.dcat_contents import DATA_SETS, DESCRIPTION, PATH, SERVICES, TITLE, DataSet, Form, Service
from app.texts import Language, Text
from app.version import RELEASED

CARD = Namespace("http://www.w3.org/2006/vcard/ns#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
AUTHORITY = Namespace("http://publications.europa.eu/resource/authority/")
PUBLISHER_TYPE = Namespace("http://purl.org/adms/publishertype/")
MEDIA_TYPE = Namespace("https://www.iana.org/assignments/media-types/")
CC0 = URIRef("http://creativecommons.org/publicdomain/zero/1.0/")
SWEDEN = AUTHORITY["country/SWE"]
LANGUAGES = (AUTHORITY["language/SWE"], AUTHORITY["language/ENG"])
PREFIXES = {"rdf": RDF, "dcat": DCAT, "dct": DCTERMS, "foaf": FOAF, "vcard": CARD, "dcatap": DCATAP, "xsd": XSD}

Told = Mapping[URIRef, Node | Text | Sequence[Node | Text] | None]


class Catalogue:
    """The graph. Every node has an address of its own below the catalogue's, which stays the same."""

    def __init__(self, base: str, settings: Settings, changes: Mapping[Kind, datetime]) -> None:
        self.graph = Graph(bind_namespaces="none")
        self._base, self._settings, self._changes = base, settings, changes
        self._publisher, self._contact = self._id("publisher"), self._id("contact")
        for prefix, space in PREFIXES.items():
            self.graph.bind(prefix, space)
        self._add_catalogue()
        for service in SERVICES:
            self._add_service(service)
        for data_set in DATA_SETS:
            self._add_data_set(data_set)
            for form in data_set.forms:
                self._add_form(form, data_set)
        self._add_people()

    def _add_catalogue(self) -> None:
        themes = URIRef(str(AUTHORITY["data-theme"]))
        self._tell(
            URIRef(self._base + PATH),
            DCAT.Catalog,
            {
                DCTERMS.title: TITLE,
                DCTERMS.description: DESCRIPTION,
                DCTERMS.publisher: self._publisher,
                DCTERMS.license: CC0,
                DCTERMS.issued: _day(RELEASED),
                DCTERMS.modified: self._modified(tuple(Kind)),
                DCTERMS.language: LANGUAGES,
                DCTERMS.spatial: SWEDEN,
                FOAF.homepage: URIRef(f"{self._base}/"),
                DCAT.themeTaxonomy: themes,
                DCAT.dataset: [self._id(data_set.id) for data_set in DATA_SETS],
                DCAT.service: [self._id(f"service-{service.id}") for service in SERVICES],
            },
        )

    def _add_data_set(self, data_set: DataSet) -> None:
        self._tell(
            self._id(data_set.id),
            DCAT.Dataset,
            {
                DCTERMS.title: data_set.title,
                DCTERMS.description: data_set.description,
                DCTERMS.identifier: Literal(str(self._id(data_set.id))),
                DCTERMS.publisher: self._publisher,
                DCAT.contactPoint: self._contact,
                DCAT.keyword: data_set.keywords,
                DCAT.theme: [AUTHORITY[f"data-theme/{theme}"] for theme in data_set.themes],
                DCTERMS.accessRights: AUTHORITY["access-right/PUBLIC"],
                DCTERMS.accrualPeriodicity: AUTHORITY["frequency/IRREG"],
                DCTERMS.spatial: SWEDEN,
                DCTERMS.language: LANGUAGES,
                DCTERMS.issued: _day(RELEASED),
                DCTERMS.modified: self._modified(data_set.kinds),
                DCAT.landingPage: URIRef(f"{self._base}/docs"),
                DCAT.distribution: [self._id(form.id) for form in data_set.forms],
            },
        )

    def _add_form(self, form: Form, of: DataSet) -> None:
        address = URIRef(self._base + form.path)
        self._tell(
            self._id(form.id),
            DCAT.Distribution,
            {
                DCTERMS.title: form.title,
                DCTERMS.description: Text(sv=f"{of.title.sv}: {form.title.sv}.", en=f"{of.title.en}: {form.title.en}."),
                DCAT.accessURL: address,
                DCAT.downloadURL: address if form.is_file else None,
                DCAT.accessService: None if form.is_file else self._id(f"service-{form.service}"),
                DCTERMS.format: AUTHORITY[f"file-type/{form.file_type}"],
                DCAT.mediaType: MEDIA_TYPE[form.media_type] if form.media_type else None,
                DCTERMS.license: CC0,
                DCTERMS.language: LANGUAGES,
                DCTERMS.issued: _day(RELEASED),
                DCTERMS.modified: self._modified(of.kinds),
                DCATAP.availability: AUTHORITY["planned-availability/AVAILABLE"],
            },
        )

    def _add_service(self, service: Service) -> None:
        served = [
            self._id(data_set.id)
            for data_set in DATA_SETS
            if any(form.service == service.id for form in data_set.forms)
        ]
        self._tell(
            self._id(f"service-{service.id}"),
            DCAT.DataService,
            {
                DCTERMS.title: service.title,
                DCTERMS.description: service.description,
                DCTERMS.publisher: self._publisher,
                DCAT.contactPoint: self._contact,
                DCAT.endpointURL: URIRef(self._base + service.path),
                DCAT.endpointDescription: URIRef(f"{self._base}{service.path}/openapi.json"),
                DCTERMS["format"]: AUTHORITY["file-type/JSON"],
                DCAT.servesDataset: served,
                DCAT.landingPage: URIRef(f"{self._base}/docs"),
                DCAT.keyword: DATA_SETS[0].keywords,
                DCAT.theme: AUTHORITY["data-theme/SOCI"],
                DCTERMS.license: CC0,
                DCTERMS.accessRights: AUTHORITY["access-right/PUBLIC"],
                DCTERMS.conformsTo: URIRef(service.conforms_to),
            },
        )
        self._tell(URIRef(service.conforms_to), DCTERMS.Standard, {DCTERMS.title: service.standard})

    def _add_people(self) -> None:
        settings, mail = self._settings, URIRef(f"mailto:{self._settings.contact_email}")
        kind = PUBLISHER_TYPE[settings.publisher_type] if settings.publisher_type else None
        self._tell(
            self._publisher,
            FOAF.Agent,
            {
                FOAF.name: Literal(settings.publisher_name),
                DCTERMS.type: kind,
                FOAF.mbox: mail,
                FOAF.homepage: _iri(settings),
            },
        )
        self._tell(
            self._contact,
            CARD.Organization,
            {CARD.fn: Literal(settings.publisher_name), CARD.hasEmail: mail, CARD.hasURL: _iri(settings)},
        )

    def _tell(self, subject: URIRef, kind: URIRef, properties: Told) -> None:
        """Add what is known of a thing; a text in both languages, None not at all."""
        self.graph.add((subject, RDF.type, kind))
        for name, values in properties.items():
            for value in values if isinstance(values, Sequence) and not isinstance(values, str) else (values,):
                for term in _terms(value):
                    self.graph.add((subject, name, term))

    def _modified(self, kinds: Sequence[Kind]) -> Node | None:
        moments = [self._changes[kind] for kind in kinds if kind in self._changes]
        return Literal(max(moments).isoformat(), datatype=XSD.dateTime) if moments else None

    def _id(self, name: str) -> URIRef:
        return URIRef(f"{self._base}{PATH}#{name}")


def _terms(value: Node | Text | None) -> Sequence[Node]:
    if isinstance(value, Text):
        return [Literal(value[language], lang=language.value) for language in Language]
    return [] if value is None else [value]


def _day(day: str) -> Literal:
    return Literal(day, datatype=XSD.date)


def _iri(settings: Settings) -> URIRef:
    return URIRef(settings.contact_url)
