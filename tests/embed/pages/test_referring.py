"""What somebody answers about themselves stands in no address, is stored by nobody, and is answered all the same."""

import re
from html import unescape

import httpx
import pytest

PATHS = {"sv": "/sv/vem-kontaktar-jag", "en": "/en/whom-to-contact"}
EASY = "/sv/latt/vem-kontaktar-jag"
ABOUT_ME = {"municipality": "Halmstad", "audience": "exposed", "age": "17", "urgency": "", "topic": "", "at": ""}


def test_every_form_for_a_situation_is_posted(client: httpx.Client) -> None:
    for page in ("/sv/", "/en/", *PATHS.values()):
        html = client.get(page).text
        forms = re.findall(r"<form[^>]*>", html)
        assert forms, page
        assert all('method="post"' in form for form in forms), page
        assert "audience=" not in html, page


@pytest.mark.parametrize("language", PATHS)
def test_an_answer_about_oneself_is_stored_by_nobody_and_has_a_neutral_title(
    client: httpx.Client, language: str
) -> None:
    answer = client.post(PATHS[language], data=ABOUT_ME)
    assert (answer.status_code, str(answer.url)) == (200, f"{client.base_url}{PATHS[language]}")
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    (title,) = re.findall(r"<title>(.*?)</title>", answer.text)
    assert title == {"sv": "Svar – Stödkatalogen", "en": "Answer – Stödkatalogen"}[language]
    assert '<meta name="robots" content="noindex">' in answer.text
    assert "116 111" in answer.text
    # Nor does a link on the page carry an answer further.
    links = re.findall(r'href="([^"]+)"', answer.text)
    assert not [link for link in links if "Halmstad" in link or "age=" in link or "audience=" in link]


def test_what_is_posted_is_answered_as_what_is_asked_in_an_address(client: httpx.Client) -> None:
    asked = {"municipality": "Halmstad", "audience": "professionals", "at": "2026-11-22T02:00"}
    posted, got = client.post(PATHS["sv"], data=asked).text, client.get(PATHS["sv"], params=asked).text
    steps = [re.findall(r'<h3><a href="/sv/resurser/([^"]+)">', html) for html in (posted, got)]
    assert steps[0] == steps[1]
    assert len(steps[0]) > 5


def test_a_posted_place_that_is_none_is_met_with_the_nearest_and_keeps_the_other_answers(client: httpx.Client) -> None:
    answer = client.post(PATHS["sv"], data={**ABOUT_ME, "municipality": "Halmsta"})
    assert (answer.status_code, answer.headers["cache-control"]) == (422, "private, no-store")
    html = unescape(answer.text)
    assert "Ingen av Sveriges kommuner heter ”Halmsta”." in html
    assert '<button name="municipality" value="1380">Halmstad (1380)</button>' in html
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', html.partition("</form>")[0]))
    assert kept == {"audience": "exposed", "age": "17"}
    again = client.post(PATHS["sv"], data={**kept, "municipality": "1380"})
    assert again.status_code == 200
    assert "i Halmstad" in again.text


@pytest.mark.parametrize(
    "data", [{"age": "old"}, {"audience": "nobody"}, {"topic": "x"}, {"at": "soon"}, {"urgency": "soon"}]
)
def test_a_posted_answer_that_cannot_be_used_is_told_what_may_be(client: httpx.Client, data: dict[str, str]) -> None:
    answer = client.post(PATHS["en"], data={**data, "municipality": "Malmö"})
    assert answer.status_code == 422
    assert "We could not understand the question" in answer.text
    assert 'name="municipality" value="Malmö"' in unescape(answer.text)
    assert "old" not in re.findall(r'href="[^"]*"', answer.text)


def test_the_page_in_easy_swedish_names_its_own_address(client: httpx.Client) -> None:
    own = f"{client.base_url}".rstrip("/") + EASY
    html = client.get(EASY).text
    assert f'<link rel="canonical" href="{own}">' in html
    assert f'"@type":"WebPage","url":"{own}"' in html
    assert f"<p>{own}</p>" in html
    assert "hreflang" not in html.partition("</head>")[0]
    assert "oembed" not in html
    assert f'<a class="language" href="{PATHS["en"]}"' in html


def test_the_page_in_easy_swedish_reads_an_address_as_the_ordinary_page_does(client: httpx.Client) -> None:
    asked = {"municipality": "Halmstad", "at": "2026-11-28T16:19"}
    easy, ordinary = (client.get(path, params=asked).text for path in (EASY, PATHS["sv"]))
    steps = [re.findall(r'<h3><a href="/sv/resurser/([^"]+)">', html) for html in (easy, ordinary)]
    assert steps[0] == steps[1]
    assert "<p>Kommun: Halmstad.</p>" in easy
    assert "Så är det lördag 28 november kl. 16.19." in easy
    assert "Län: Hallands län." in client.post(EASY, data={"county": "13"}).text
    assert "Så är det " in client.get(EASY).text
    assert client.get(EASY, params={"municipality": "Halmsta"}).status_code == 422


@pytest.mark.parametrize("path", ["/sv/vem-kontaktar-jag", EASY])
def test_who_writes_the_name_of_a_county_is_answered_for_the_county(client: httpx.Client, path: str) -> None:
    for answer in (
        client.post(path, data={"municipality": "Hallands län", "audience": "exposed"}),
        client.get(path, params={"municipality": "Halland"}),
    ):
        assert answer.status_code == 200
        assert "Hallands län" in answer.text.partition('id="answer"')[2]


def test_a_method_that_a_form_does_not_take_is_told_those_that_it_does(client: httpx.Client) -> None:
    for path in (*PATHS.values(), EASY, "/sv/fel"):
        answer = client.put(path)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")
    assert client.put("/sv/stodlinjer").headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(("path", "language"), [(PATHS["sv"], "sv"), (EASY, "sv"), (PATHS["en"], "en")])
def test_a_form_that_is_too_long_is_refused_with_a_page_that_has_112(
    client: httpx.Client, path: str, language: str
) -> None:
    answer = client.post(path, content=b"a" * 5000, headers={"Accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert (answer.headers["content-language"], answer.headers["cache-control"]) == (language, "private, no-store")
    assert 'href="tel:112"' in answer.text.partition("<main")[2]
    (style,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', answer.text)
    assert client.get(style).status_code == 200
    help_path = re.findall(r'href="(/(?:sv/stodlinjer|en/hotlines))"', answer.text)
    assert [client.get(one).status_code for one in help_path] == [200]


def test_fields_that_the_form_does_not_have_are_passed_over_and_a_long_body_is_refused(client: httpx.Client) -> None:
    assert client.post(PATHS["sv"], data={"utm_source": "x", "municipality": "Malmö"}).status_code == 200
    assert client.post(PATHS["sv"], content=b"a" * 10_000).status_code == 413
    assert client.post(PATHS["sv"], content=b"\xff\x00&age=%zz").status_code in (200, 422)
