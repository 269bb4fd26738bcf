"""What programs look for at the root: sitemap, robots.txt, security.txt, OpenSearch description."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import httpx

from app.embed.pages.visitors import load_texts
from app.main import create_app
from app.settings import Settings
from tests.serving import serve

NAMES = {
    "map": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "search": "http://a9.com/-/spec/opensearch/1.1/",
}


def pages(client: httpx.Client) -> dict[str, dict[str, str]]:
    """The addresses in the sitemap, each with its alternates by language."""
    answer = client.get("/sitemap.xml")
    assert answer.headers["content-type"] == "application/xml"
    root = ET.fromstring(answer.content)
    assert root.tag == f"{{{NAMES['map']}}}urlset"
    return {
        str(page.findtext("map:loc", namespaces=NAMES)): {
            one.attrib["hreflang"]: one.attrib["href"] for one in page.findall("xhtml:link", NAMES)
        }
        for page in root.findall("map:url", NAMES)
    }


def test_llms_txt_puts_112_first_and_leads_to_what_is_there(client: httpx.Client) -> None:
    answer = client.get("/llms.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("# Stödkatalogen\n\n> ")
    assert "call 112" in answer.text.partition("## ")[0]
    links = re.findall(r"^- \[[^\]]+\]\(([^)]+)\)", answer.text, re.MULTILINE)
    assert len(links) > 8
    for link in links:
        assert link.startswith(str(client.base_url).rstrip("/")), link
        assert client.get(link).status_code == 200, link


def test_the_sitemap_lists_pages_that_are_there_in_both_languages(client: httpx.Client) -> None:
    found = pages(client)
    for path in ("/sv/", "/en/", "/sv/stodlinjer", "/en/hotlines", "/sv/resurser/kvinnofridslinjen", "/help/ar"):
        assert f"{client.base_url}".rstrip("/") + path in found
    for address in list(found)[::7]:
        assert client.get(address).status_code == 200, address


def test_each_page_names_itself_and_its_twin(client: httpx.Client) -> None:
    found = pages(client)
    assert found.pop(f"{client.base_url}".rstrip("/") + "/sv/latt/vem-kontaktar-jag") == {}, "it has no twin"
    for address, alternates in found.items():
        is_help = "/help/" in address
        languages = {texts.lang for texts in load_texts().values()} if is_help else {"sv", "en"}
        assert set(alternates) == {*languages, "x-default"}
        assert address in alternates.values()
        assert alternates["x-default"] == alternates["en" if is_help else "sv"]
        assert all(found[other] == alternates for other in alternates.values())


def test_what_is_outdated_or_ended_is_not_in_the_sitemap(client: httpx.Client) -> None:
    asked: dict[str, Any] = {"status": ["outdated", "ended"], "limit": 100}
    gone = {item["id"] for item in client.get("/v1/resources", params=asked).json()["items"]}
    offered = {item["id"] for item in client.get("/v1/resources", params={"limit": 100}).json()["items"]}
    listed = {address.rpartition("/")[2] for address in pages(client)}
    assert gone
    assert not listed & gone
    assert offered <= listed


def test_robots_may_read_everything_and_find_the_sitemap(client: httpx.Client) -> None:
    text = client.get("/robots.txt").text
    assert "Disallow" not in text
    (sitemap,) = re.findall(r"^Sitemap: (\S+)$", text, re.MULTILINE)
    assert client.get(sitemap).status_code == 200


def test_security_txt_names_a_contact_and_holds_for_less_than_a_year(client: httpx.Client) -> None:
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    fields = re.findall(r"^([A-Za-z-]+): (.+)$", answer.text, re.MULTILINE)
    assert len(fields) == len(answer.text.splitlines())
    assert ("Contact", "mailto:kontakt@stodkatalogen.example") in fields
    named = dict(fields)
    expires = datetime.fromisoformat(named["Expires"].replace("Z", "+00:00"))
    assert timedelta(days=360) < expires - datetime.now(UTC) < timedelta(days=366)
    assert "Canonical" not in named, "RFC 9116 allows https only, and this service is served over http"
    assert [name for name, _ in fields].count("Expires") == 1


def test_security_txt_has_web_addresses_only_where_they_are_https(database_url: str) -> None:
    for scheme in ("https", "http"):
        addresses = {"base_url": f"{scheme}://katalog.example", "contact_url": f"{scheme}://forening.example/kontakt"}
        with serve(create_app(Settings(database_url=database_url, **addresses))) as running:  # type: ignore[arg-type]  # texts
            answer = running.client.get("/.well-known/security.txt", headers={"Host": "katalog.example"})
        lines = answer.text.splitlines()
        assert "Contact: mailto:kontakt@stodkatalogen.example" in lines
        assert ("Contact: https://forening.example/kontakt" in lines) == (scheme == "https")
        assert ("Canonical: https://katalog.example/.well-known/security.txt" in lines) == (scheme == "https")
        assert "http://" not in answer.text


def test_the_example_of_the_search_description_finds_something(client: httpx.Client) -> None:
    for language in ("sv", "en"):
        root = ET.fromstring(client.get("/opensearch.xml", params={"lang": language}).content)
        (example,) = root.findall("search:Query[@role='example']", NAMES)
        found = client.get("/v1/search", params={"q": example.attrib["searchTerms"], "lang": language}).json()
        assert found["_meta"]["total"] > 0


def test_a_browser_can_search_through_the_description(client: httpx.Client) -> None:
    for language in ("sv", "en"):
        answer = client.get("/opensearch.xml", params={"lang": language})
        assert answer.headers["content-type"] == "application/opensearchdescription+xml"
        root = ET.fromstring(answer.content)
        assert len(root.findtext("search:ShortName", "", NAMES)) in range(1, 17)
        assert len(root.findtext("search:Description", "", NAMES)) in range(1, 1025)
        (template,) = (
            url.attrib["template"] for url in root.findall("search:Url", NAMES) if url.attrib["type"] == "text/html"
        )
        found = client.get(template.replace("{searchTerms}", "m%C3%A4nniskohandel"))
        assert found.status_code == 200
        assert found.headers["content-language"] == language
