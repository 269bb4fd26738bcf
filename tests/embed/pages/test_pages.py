"""The pages, through the door."""

import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

import httpx
import pytest
from sqlmodel import Session

from app.embed.pages.addresses import addresses
from app.main import create_app
from app.opening_hours.live import State
from app.opening_hours.wording import STATES
from app.settings import Settings
from app.texts import Language, Text
from tests.serving import Served, serve

SIDES = ((Language.SWEDISH, Language.ENGLISH), (Language.ENGLISH, Language.SWEDISH))


@pytest.fixture(scope="module")
def listed(served: Served) -> list[Text]:
    """The paths of all pages that search engines may list."""
    with Session(served.application.state.engine) as session:
        return list(addresses(session))


@pytest.fixture(scope="module")
def answers(client: httpx.Client, listed: list[Text]) -> dict[str, httpx.Response]:
    """The answers of these pages, by their path, in both languages."""
    return {pair[language]: client.get(pair[language]) for pair in listed for language in Language}


def text_of(html: str) -> str:
    """What a person reads, in one line."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", f"<main{main}"))).replace(" .", ".")


def test_every_page_has_112_first_its_language_and_its_twin(
    client: httpx.Client, listed: list[Text], answers: dict[str, httpx.Response]
) -> None:
    assert len(listed) > 40
    for pair in listed:
        for language, other in SIDES:
            answer = answers[pair[language]]
            assert answer.status_code == 200, pair[language]
            html = answer.text
            assert '<a href="tel:112">112</a>' in html.partition("<header")[0]
            assert f'<html lang="{language}">' in html
            assert answer.headers["content-language"] == language
            base = str(client.base_url)
            assert f'<link rel="canonical" href="{base}{pair[language]}">' in html
            assert f'hreflang="{other}" href="{base}{pair[other]}">' in html


def test_no_page_sets_a_cookie_or_allows_anything_from_elsewhere(client: httpx.Client, listed: list[Text]) -> None:
    for pair in listed[:14]:
        answer = client.get(pair.sv)
        assert "set-cookie" not in answer.headers
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=| type=\"application/ld\+json\")", answer.text)


def test_a_page_shows_the_state_that_the_api_answers(client: httpx.Client) -> None:
    lines = client.get("/v1/hotlines", params={"lang": "sv"}).json()["items"]
    html = client.get("/sv/stodlinjer").text
    assert [line["name"] for line in lines] == [
        unescape(name) for name in re.findall(r"<h2><a [^>]+><bdi>([^<]+)</bdi>", html)
    ]
    cards = html.split('<li class="card')[1:]
    for line, card in zip(lines, cards, strict=True):
        for point in line["contact_points"]:
            hours, value = point["opening_hours"], point["value"]
            if hours and value and value not in ("112", "11414"):
                assert STATES[State(hours["state"])].sv in card
            assert (f'href="{point["uri"]}"' in card) is (point["uri"] is not None)


def test_hours_that_change_are_never_kept_longer_than_the_api_keeps_them(client: httpx.Client) -> None:
    for path in ("/sv/", "/sv/stodlinjer", "/sv/vem-kontaktar-jag", "/sv/resurser/nationella-stodtelefonen"):
        answer = client.get(path)
        age = re.fullmatch(r"public, max-age=(\d+), must-revalidate", answer.headers["cache-control"])
        assert age is not None
        assert int(age[1]) <= 60
        again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code in (200, 304)  # 200 when the minute, and with it the page, has changed


def test_a_resource_has_its_sources_with_publisher_and_dates(client: httpx.Client) -> None:
    line = text_of(client.get("/sv/resurser/nationella-stodtelefonen").text)
    assert (
        "Stöd till yrkesverksamma , Jämställdhetsmyndigheten uppdaterad 6 oktober 2022; läst 21 november 2026" in line
    )
    assert "sidan anger inget datum; läst 21 november 2026" in line
    assert "Källan säger: kontorstid på vardagar" in line
    assert "kan vara bemannad 07.00–18.00" in line
    assert not re.search(r"\(rad(er)? \d", line)  # lines of a copy that the reader does not have
    english = text_of(client.get("/en/resources/nationella-stodtelefonen").text)
    assert "updated 6 October 2022; read 21 November 2026" in english
    assert "may be staffed 07:00–18:00" in english


@pytest.mark.parametrize("slug", ["webbplatsen-du-avgor", "temadag-lulea-2016"])
def test_what_is_outdated_or_over_says_so_and_leads_nowhere(client: httpx.Client, slug: str) -> None:
    html = client.get(f"/sv/resurser/{slug}").text
    main = html.partition("<main")[2].partition("</main>")[0].partition('id="sources"')[0]
    main = re.sub(r'<section class="panel open-now".*?</section>', "", main, flags=re.DOTALL)  # other lines'
    assert 'class="mark' in main
    assert re.findall(r'href="(?:tel|sms|mailto|https?):?[^"]*"', main) == []
    assert '<meta name="robots" content="noindex">' in html


def test_lists_leave_out_what_is_over_until_they_are_asked_for_it(client: httpx.Client) -> None:
    usual = client.get("/sv/evenemang").text
    assert "Här finns inget att visa just nu" in usual
    html = client.get("/sv/evenemang", params={"status": "ended"}).text
    assert html.count("Det här är avslutat") == 7


@pytest.mark.parametrize("said_so", ["Halmstad", "1380", "halmstads kommun", " Halmstad "])
def test_a_municipality_is_found_by_name_or_code(client: httpx.Client, said_so: str) -> None:
    text = text_of(client.get("/sv/regionkoordinatorer", params={"municipality": said_so}).text)
    assert "Regionkoordinator för Region Väst" in text
    assert "Region Syd" not in text


@pytest.mark.parametrize("path", ["/sv/regionkoordinatorer", "/sv/resurser/regionkoordinator-vast"])
def test_where_a_coordinator_has_no_number_the_line_that_refers_on_has(client: httpx.Client, path: str) -> None:
    text = text_of(client.get(path).text)
    assert "Nås genom Nationella stödtelefonen : 020-39 00 00" in text


@pytest.mark.parametrize("path", ["/sv/regionkoordinatorer", "/sv/vem-kontaktar-jag"])
def test_an_unknown_municipality_is_met_with_the_nearest_names(client: httpx.Client, path: str) -> None:
    answer = client.get(path, params={"municipality": "Halmsta"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "text/html; charset=utf-8")
    assert answer.headers["cache-control"] == "private, no-store"
    assert "Ingen av Sveriges kommuner heter ”Halmsta”." in text_of(answer.text)
    assert 'href="tel:112"' in answer.text
    nothing_near = client.get(path, params={"municipality": "qqqqqqqqqq"})
    assert nothing_near.status_code == 422
    assert "Ingen av Sveriges kommuner heter" in nothing_near.text
    assert "Menade du" not in nothing_near.text
    nearest = unescape(re.findall(r'<li><a href="([^"]+)"><bdi>Halmstad', answer.text)[0])
    assert client.get(nearest).status_code == 200


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("Märsta", "Märsta ligger i Sigtuna enligt GeoNames."),
        ("211 22", "Katalogen känner inte till postnummer."),
        ("Region Stockholm", "Det är en samordningsregion. Ange en kommun i stället."),
    ],
)
def test_what_is_known_of_a_text_that_is_no_municipality_is_told(client: httpx.Client, typed: str, hint: str) -> None:
    for path in ("/sv/vem-kontaktar-jag", "/sv/stodlinjer", "/embed/guide"):
        answer = client.get(path, params={"municipality": typed}, headers={"Accept-Language": "sv"})
        assert answer.status_code == 422
        assert hint in text_of(answer.text), path
        assert "offset" not in text_of(answer.text)
    county = client.get("/sv/stodlinjer?municipality=Hallands+l%C3%A4n")
    assert county.status_code == 422
    assert "Det är ett län. Ange en kommun i stället." in text_of(county.text)


def test_every_list_takes_a_municipality(client: httpx.Client) -> None:
    answer = client.get("/sv/stodlinjer?municipality=Halmstad")
    assert answer.status_code == 200
    assert "Visar det som gäller för Halmstad, även det som gäller i hela landet." in text_of(answer.text)
    served = client.get("/v1/hotlines?municipality=Halmstad&limit=50").json()["items"]
    for one in served:
        assert f"/sv/resurser/{one['id']}" in answer.text
    local = "/sv/resurser/kristianstads-kommun-vald-i-nara-relation"
    assert local in client.get("/sv/stodverksamheter?municipality=Kristianstads+kommun").text
    assert local not in client.get("/sv/stodverksamheter?municipality=Halmstads+kommun").text


@pytest.mark.parametrize("path", ["/sv/inget", "/en/nothing", "/sv/resurser/inget", "/en/resources/nothing/at/all"])
def test_an_unknown_page_is_a_page_with_112_and_the_hotlines(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert 'href="tel:112"' in answer.text
    hotlines = "/sv/stodlinjer" if path.startswith("/sv") else "/en/hotlines"
    assert f'href="{hotlines}"' in answer.text.partition("<main")[2]


@pytest.mark.parametrize("asked", ["offset=-1", "offset=a", "status=new", "offset=0&offset=1"])
def test_a_value_that_the_page_does_not_know_is_refused_in_plain_words(client: httpx.Client, asked: str) -> None:
    answer = client.get(f"/sv/utbildningar?{asked}")
    assert answer.status_code == 422
    assert "Vi förstod inte frågan" in answer.text
    assert asked.split("=", maxsplit=1)[0] in text_of(answer.text)
    assert not re.search(r"\b(should|is not|must)\b", text_of(answer.text))  # no English on a Swedish page
    assert 'href="/sv/utbildningar"' in answer.text.partition("<main")[2]


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ({"age": "old"}, "Ett helt antal år, 0 till 120."),
        ({"at": "2026-13-01T00:00"}, "till exempel 2026-11-22T02:00"),
        ({"at": "1999-01-01T00:00"}, "mellan år 2000 och 2076"),
        ({"urgency": "soon"}, "Möjliga värden: acute, urgent, advice"),
        ({"topic": "x"}, "human-trafficking"),
    ],
)
def test_a_field_filled_in_wrongly_is_told_what_it_takes(
    client: httpx.Client, asked: dict[str, str], hint: str
) -> None:
    answer = client.get("/sv/vem-kontaktar-jag", params=asked)
    assert answer.status_code == 422
    assert hint in text_of(answer.text)


def test_a_refused_question_keeps_what_was_right_in_it(client: httpx.Client) -> None:
    answer = client.get("/sv/vem-kontaktar-jag", params={"municipality": "Malmö", "age": "old", "audience": "exposed"})
    (again,) = re.findall(r'<a href="([^"]+)">Öppna sidan på nytt', answer.text)
    assert again == "/sv/vem-kontaktar-jag?municipality=Malm%C3%B6&amp;audience=exposed"
    assert client.get(unescape(again)).status_code == 200


@pytest.mark.parametrize(
    ("path", "right"),
    [
        ("/sv/hotlines", "/sv/stodlinjer"),
        ("/en/stodlinjer", "/en/hotlines"),
        ("/sv/whom-to-contact?municipality=Malm%C3%B6", "/sv/vem-kontaktar-jag?municipality=Malm%C3%B6"),
        ("/en/resurser/kvinnofridslinjen", "/en/resources/kvinnofridslinjen"),
    ],
)
def test_a_path_in_the_words_of_the_other_language_leads_to_the_page(
    client: httpx.Client, path: str, right: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (308, right)


def test_that_a_source_names_no_publisher_is_said_in_the_language_of_the_page(client: httpx.Client) -> None:
    for path, said_so in (
        ("/sv/publikationer", "(utgivare ej angiven)"),
        ("/en/publications", "(publisher not stated)"),
    ):
        text = text_of(client.get(path).text)
        assert {one for one in ("(utgivare ej angiven)", "(publisher not stated)") if one in text} == {said_so}


def test_nothing_is_said_of_hours_that_could_keep_somebody_from_calling_112_or_the_police(client: httpx.Client) -> None:
    for slug in ("sos-112", "polisen-114-14"):
        text = text_of(client.get(f"/sv/resurser/{slug}").text)
        assert not re.search(r"Öppettider|Stängt|Kan vara bemannad", text)


def test_fields_left_empty_ask_nothing(client: httpx.Client) -> None:
    empty = {"municipality": "", "urgency": "", "audience": "", "topic": "", "age": "", "at": ""}
    answer = client.get("/sv/vem-kontaktar-jag", params=empty)
    assert answer.status_code == 200
    assert steps(answer.text) == steps(client.get("/sv/vem-kontaktar-jag").text)


def steps(html: str) -> list[str]:
    return re.findall(r'<h3><a href="/\w\w/\w+/([^"]+)">', html.partition('<ol class="steps"')[2])


def test_whom_to_contact_is_what_the_api_answers_in_its_order(client: httpx.Client) -> None:
    asked = {"municipality": "Halmstad", "audience": "professionals"}
    moment = client.get("/v1/referrals", params={**asked, "at": "2026-11-22T02:00:00+01:00"}).json()
    html = client.get("/sv/vem-kontaktar-jag", params={**asked, "at": "2026-11-22T02:00"}).text
    assert steps(html) == [step["resource"]["id"] for step in moment["steps"]]
    text = text_of(html)
    assert "Läget söndag 22 november kl. 02.00. Kommunen hör till Region Väst." in text
    assert "020-39 00 00 Stängt – kan öppna måndag kl. 07.00, vi vet inte säkert" in text


def test_search_leads_to_the_pages(client: httpx.Client) -> None:
    html = client.get("/en/search", params={"q": "Kristianstad"}).text
    assert 'href="/en/resources/kristianstads-kommun-vald-i-nara-relation"' in html
    assert "Nothing found for “zzz”" in client.get("/en/search", params={"q": "zzz"}).text


def json_ld(html: str) -> Iterator[dict[str, object]]:
    for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html):
        yield from json.loads(block)


def test_every_page_tells_machines_what_it_is_about(
    client: httpx.Client, listed: list[Text], answers: dict[str, httpx.Response]
) -> None:
    for pair in listed:
        found = list(json_ld(answers[pair.en].text))
        assert found[0]["@type"] == "WebPage"
        assert all(one["@context"] == "https://schema.org" for one in found)
    (_, line) = json_ld(client.get("/sv/resurser/kvinnofridslinjen").text)
    assert line["name"] == "Kvinnofridslinjen"


def test_the_start_pages_are_found_without_their_last_slash(client: httpx.Client) -> None:
    answer = client.get("/sv")
    assert (answer.status_code, answer.headers["location"]) == (308, "/sv/")


def test_without_a_store_a_page_still_has_the_numbers(empty_url: str) -> None:
    with serve(create_app(Settings(database_url=empty_url))) as running:
        for path in ("/sv/", "/en/hotlines", "/sv/resurser/kvinnofridslinjen"):
            answer = running.client.get(path)
            assert answer.status_code == 503
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
            assert 'href="tel:112"' in answer.text
            assert 'href="tel:11414">114 14</a>' in answer.text
        assert running.client.get("/sv/integritet").status_code == 200


def test_a_fault_of_ours_is_a_page_with_the_numbers(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.embed.pages.referring.make_referral", lambda *_: 1 / 0)
    monkeypatch.setattr("app.embed.pages.referring.load_choices", lambda *_: {})
    with serve(create_app(Settings(database_url=empty_url))) as running:
        answer = running.client.get("/en/whom-to-contact")
    assert answer.status_code == 500
    assert 'href="tel:112"' in answer.text
    assert "Something went wrong on our side" in answer.text
    assert "Traceback" not in answer.text


class Lists(HTMLParser):
    """The terms of each definition list of a page, as they are read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[list[str]] = []
        self._open: list[list[str]] = []
        self._in_term = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "dl":
            self._open.append([])
            self.found.append(self._open[-1])
        elif tag == "dt":
            self._in_term = True
            self._open[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "dl":
            self._open.pop()
        elif tag == "dt":
            self._in_term = False

    def handle_data(self, data: str) -> None:
        if self._in_term:
            self._open[-1][-1] += data


def test_a_definition_list_has_each_term_once_on_every_page(answers: dict[str, httpx.Response]) -> None:
    lists = {path: Lists(answer.text).found for path, answer in answers.items()}
    assert sum(len(found) for found in lists.values()) > len(answers) / 2
    twice = {path for path, found in lists.items() for terms in found if len(set(terms)) < len(terms)}
    assert not twice
