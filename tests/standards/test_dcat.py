"""The catalogue at `/datasets/dcat`, checked as a data portal checks it."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyld import jsonld
from pyshacl import validate
from rdflib import DCAT, DCTERMS, FOAF, RDF, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

from app.main import create_app
from app.settings import PUBLISHING, Settings, unsaid
from tests.serving import serve
from tests.test_cli import serving

BASE = "https://katalog.example"
PUBLISHED = {
    "base_url": BASE,
    "publisher_name": "Exempelföreningen",
    "publisher_type": "NonProfitOrganisation",
    "contact_url": "https://forening.example/kontakt",
    "contact_email": "data@forening.example",
}
FORMATS = {"application/rdf+xml": "xml", "text/turtle": "turtle", "application/ld+json": ""}
SHAPES = Graph().parse(Path(__file__).with_name("dcat-shapes.ttl"))


@pytest.fixture(scope="module")
def published(database_url: str) -> Iterator[httpx.Client]:
    """A service whose operator has said who publishes it."""
    with serve(create_app(Settings(database_url=database_url, **PUBLISHED))) as running:  # type: ignore[arg-type]  # texts
        yield running.client


def catalogue(client: httpx.Client, accept: str = "*/*") -> Graph:
    answer = client.get("/datasets/dcat", headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    media_type = answer.headers["content-type"].partition(";")[0]
    if media_type == "application/ld+json":  # another library's reading than the one that wrote it
        return Graph().parse(data=jsonld.to_rdf(answer.json(), {"format": "application/n-quads"}), format="nt")
    return Graph().parse(data=answer.content, format=FORMATS[media_type])


def faults(graph: Graph) -> str:
    """What the shapes find, recommendations included."""
    conforms, _, text = validate(graph, shacl_graph=SHAPES, advanced=False, inference="none")
    return "" if conforms else str(text)


def test_nothing_that_dcat_ap_se_asks_or_recommends_is_missing(published: httpx.Client) -> None:
    assert faults(catalogue(published)) == ""


def test_the_shapes_notice_what_is_missing(published: httpx.Client) -> None:
    for kind, name in ((DCAT.Catalog, DCTERMS.license), (DCAT.Distribution, DCTERMS.format), (FOAF.Agent, DCTERMS.type),
                       (DCAT.Dataset, DCAT.theme), (DCAT.DataService, DCAT.endpointURL)):  # fmt: skip
        graph = catalogue(published)
        subject = next(graph.subjects(RDF.type, kind))
        graph.remove((subject, name, None))
        assert re.split("[#/]", name)[-1] in faults(graph)
    graph = catalogue(published)
    subject = next(graph.subjects(RDF.type, DCAT.Dataset))
    graph.remove(
        (subject, DCTERMS.title, next(one for one in graph.objects(subject, DCTERMS.title) if _is_english(one)))
    )
    assert "title" in faults(graph)


def _is_english(text: Node) -> bool:
    return isinstance(text, Literal) and text.language == "en"


def test_the_three_formats_say_the_same_and_rdf_xml_is_what_a_harvester_gets(published: httpx.Client) -> None:
    graphs = [catalogue(published, accept) for accept in FORMATS]
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])
    assert published.get("/datasets/dcat").headers["content-type"] == "application/rdf+xml"


def test_a_format_that_it_has_not_and_an_unknown_parameter_are_refused(published: httpx.Client) -> None:
    assert published.get("/datasets/dcat", headers={"Accept": "text/csv"}).status_code == 406
    assert published.get("/datasets/dcat", params={"format": "ttl"}).status_code == 422


def test_every_thing_has_an_absolute_address_of_its_own_below_the_base(published: httpx.Client) -> None:
    graph = catalogue(published)
    assert all(isinstance(subject, URIRef) for subject in graph.subjects())
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, DCAT.DataService, FOAF.Agent):
        subjects = list(graph.subjects(RDF.type, kind))
        assert subjects
        assert all(str(one).startswith(f"{BASE}/datasets/dcat") for one in subjects)


def test_there_is_a_data_set_for_resources_courses_opening_hours_and_areas(published: httpx.Client) -> None:
    graph = catalogue(published)
    names = {str(one).rpartition("#")[2] for one in graph.subjects(RDF.type, DCAT.Dataset)}
    assert names == {"resources", "courses", "opening-hours", "areas"}
    services = {str(one) for one in graph.objects(None, DCAT.endpointURL)}
    assert services == {f"{BASE}/v1", f"{BASE}/hsds/v3"}


def test_every_address_of_ours_that_it_names_is_there(published: httpx.Client) -> None:
    graph = catalogue(published)
    named = {
        str(address)
        for name in (DCAT.accessURL, DCAT.downloadURL, DCAT.endpointDescription, DCAT.landingPage, FOAF.homepage)
        for address in graph.objects(None, name)
        if str(address).startswith(BASE)
    }
    assert len(named) >= 15
    for address in sorted(named):
        answer = published.get(address.removeprefix(BASE))
        assert answer.status_code == 200 or answer.is_redirect, address


UNREGISTERED = ["application/x-ndjson"]
"""Media types of ours that IANA has not registered, so that the catalogue has no address for them."""


def test_each_form_has_the_media_type_that_it_is_sent_as_where_that_is_registered(published: httpx.Client) -> None:
    graph = catalogue(published)
    unstated = []
    for form in graph.subjects(RDF.type, DCAT.Distribution):
        address = str(graph.value(form, DCAT.accessURL)).removeprefix(BASE)
        stated = graph.value(form, DCAT.mediaType)
        sent = published.get(address).headers["content-type"].partition(";")[0]
        if stated is None:
            unstated.append(sent)
        else:
            assert str(stated).partition("/media-types/")[2] == sent, address
    assert unstated == UNREGISTERED


def test_the_publisher_is_who_the_operator_says(published: httpx.Client) -> None:
    graph = catalogue(published)
    agent = next(graph.subjects(RDF.type, FOAF.Agent))
    assert str(graph.value(agent, FOAF.name)) == "Exempelföreningen"
    assert str(graph.value(agent, DCTERMS.type)) == "http://purl.org/adms/publishertype/NonProfitOrganisation"
    assert URIRef("mailto:data@forening.example") in set(graph.objects(agent, FOAF.mbox))


def test_what_the_operator_has_not_said_is_named_and_not_made_up(client: httpx.Client) -> None:
    graph = catalogue(client)
    assert graph.value(next(graph.subjects(RDF.type, FOAF.Agent)), DCTERMS.type) is None
    assert unsaid(Settings()) == [f"STODKATALOG_{name.upper()}" for name in PUBLISHING]
    assert unsaid(Settings(**PUBLISHED)) == []  # type: ignore[arg-type]  # texts


def test_serving_says_at_the_start_what_the_operator_has_not_said(tmp_path: Path) -> None:
    with serving(tmp_path) as (_, process):
        assert process.stderr is not None
        told = next(line for line in process.stderr if "not set" in line)
    assert all(name in told for name in unsaid(Settings()))


def test_it_is_the_same_bytes_whichever_process_answers(published: httpx.Client) -> None:
    """rdflib writes in the order of hashes, which differs between processes: ours is the order of the alphabet."""
    answers = {accept: published.get("/datasets/dcat", headers={"Accept": accept}) for accept in FORMATS}
    about = re.findall(r'<rdf:Description rdf:about="([^"]+)"', answers["application/rdf+xml"].text)
    nodes = answers["application/ld+json"].json()["@graph"]
    for order in (about, [node["@id"] for node in nodes]):
        assert len(order) > 20
        assert order == sorted(order)
    assert all(list(node) == sorted(node) for node in nodes)
