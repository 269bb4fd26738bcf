"""A graph as bytes, the same bytes in every process: rdflib's RDF/XML and JSON-LD come in the order of hashes."""

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:  # five megabytes, which only a catalogue that is asked for needs
    from rdflib import Graph
    from rdflib.term import Node

RDF_XML, TURTLE, JSON_LD = "application/rdf+xml", "text/turtle", "application/ld+json"
FORMATS = (RDF_XML, TURTLE, JSON_LD)


def write_graph(graph: "Graph", media_type: str) -> bytes:
    """The graph in one of `FORMATS`. Every node of it has an address, and every prefix that it uses is bound."""
    if media_type == TURTLE:
        return graph.serialize(format="turtle", encoding="utf-8")
    return _json_ld(graph) if media_type == JSON_LD else _rdf_xml(graph)


def _rdf_xml(graph: "Graph") -> bytes:
    spaces = {f"xmlns:{prefix}": space for prefix, space in _prefixes(graph).items()}
    root = ET.Element("rdf:RDF", dict(sorted(spaces.items())))
    for subject in sorted(graph.subjects(unique=True), key=str):
        node = ET.SubElement(root, "rdf:Description", {"rdf:about": str(subject)})
        for predicate, value in sorted(graph.predicate_objects(subject), key=lambda pair: (_n3(pair[0]), _n3(pair[1]))):
            _tell(ET.SubElement(node, graph.qname(str(predicate))), value)
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body


def _prefixes(graph: "Graph") -> dict[str, str]:
    return {prefix: str(space) for prefix, space in graph.namespaces()}


def _n3(term: "Node") -> str:
    return term.n3()


def _tell(element: ET.Element, value: "Node") -> None:
    from rdflib import Literal  # noqa: PLC0415  # see above

    if not isinstance(value, Literal):
        element.set("rdf:resource", str(value))
        return
    element.text = str(value)
    if value.language:
        element.set("xml:lang", value.language)
    elif value.datatype:
        element.set("rdf:datatype", str(value.datatype))


def _json_ld(graph: "Graph") -> bytes:
    document = json.loads(graph.serialize(format="json-ld", context=_prefixes(graph)))
    document["@graph"].sort(key=lambda node: node["@id"])
    for node in document["@graph"]:
        for values in node.values():
            if isinstance(values, list):
                values.sort(key=lambda value: json.dumps(value, sort_keys=True))
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1).encode()
