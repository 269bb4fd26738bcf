"""The mirror, served by nginx, beside the service that it was taken from."""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import make_url

from app.areas.models import AreaKind
from app.database import engine_for
from app.embed.pages.visitors import load_texts
from app.http.contract import names_of
from app.main import create_app
from app.migrating import migrate
from app.mirror.exporting import export
from app.mirror.folder import MirrorReport
from app.mirror.layout import EXTENSIONS
from app.resources.models import Kind
from app.seeding.files import Seed
from app.seeding.writing import write_seed
from app.settings import ROOT, Settings
from tests.conftest import SEEDED
from tests.http.test_nginx import nginx_before
from tests.mirror.nginx import serving
from tests.ports import free_port
from tests.routes import routes_of
from tests.serving import serve

PASSING = {"state", "comment", "evaluated_at", "next_change", "holiday", "exceptional"}
"""What tells of a moment. A mirror tells of none."""
CLOCKED = ("intervals", "embed/v1/")
"""Answers that begin with the day they are asked for."""


@dataclass(frozen=True)
class Mirror:
    """A mirror that nginx serves, and a client of the service that it was taken from."""

    folder: Path
    report: MirrorReport
    nginx: httpx.Client
    service: httpx.Client
    settings: Settings

    @property
    def files(self) -> list[str]:
        root = (self.folder / "current").resolve()
        return sorted(file.relative_to(root).as_posix() for file in root.rglob("*") if file.is_file())


def shorten(seed: Seed) -> Seed:
    """An eighth of the support services and publications, with what the records refer to, and some municipalities."""
    needed = {one.superseded_by for one in seed.resources}
    many = (Kind.SUPPORT_SERVICE, Kind.PUBLICATION)
    resources = [
        one for place, one in enumerate(seed.resources) if one.kind not in many or place % 8 == 0 or one.id in needed
    ]
    named = {code for one in resources for code in one.areas} | {"1380"}
    few = [one for place, one in enumerate(seed.areas[AreaKind.MUNICIPALITY]) if one.code in named or place % 10 == 0]
    return replace(seed, areas={**seed.areas, AreaKind.MUNICIPALITY: few}, resources=resources)


@pytest.fixture(scope="module")
def mirror(seed: Seed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mirror]:
    """The real directory with some of what it has most of, and is all of one form."""
    folder, home, port = tmp_path_factory.mktemp("mirror"), tmp_path_factory.mktemp("nginx"), free_port()
    settings = Settings(
        database_url=f"sqlite:///{tmp_path_factory.mktemp('store')}/store.sqlite3", base_url=f"http://127.0.0.1:{port}"
    )
    engine = engine_for(settings.database_url)
    migrate(engine)
    write_seed(engine, shorten(seed), SEEDED)
    report = export(settings, engine, folder)
    engine.dispose()
    with (
        serve(create_app(settings)) as service,
        serving(folder, port, home),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as nginx,
    ):
        yield Mirror(folder, report, nginx, service.client, settings)


def address(file: str) -> tuple[str, str]:
    """The language's folder and the address that a file answers."""
    folder, _, name = file.partition("/")
    path, _, last = name.rpartition("/")
    if not last.startswith("index"):
        whole, _, page = name.partition("@")
        return folder, f"/{whole}" + (f"?{page.rpartition('.')[0]}" if page else "")
    _, _, query = last.rpartition(".")[0].partition("@")
    site = path in ("sv", "en") and folder == "any"
    return folder, f"/{path}{'/' if site else ''}{f'?{query}' if query else ''}"


def asked(folder: str, path: str) -> str:
    """The address with the language in it, where the mirror puts it."""
    whole, _, query = path.partition("?")
    return path if folder != "en" else f"{whole}?lang=en" + (f"&{query}" if query else "")


def lasting(found: Any) -> Any:
    """An answer without what tells of a moment."""
    if isinstance(found, list):
        return [lasting(one) for one in found]
    if not isinstance(found, dict):
        return found
    passing = PASSING if "evaluated_at" in found else {"review", "open_proposals"}  # turn with the days
    return {name: lasting(value) for name, value in found.items() if name not in passing}


def states(found: Any) -> Iterator[dict[str, Any]]:
    if isinstance(found, dict):
        if "evaluated_at" in found:
            yield found
        found = list(found.values())
    if isinstance(found, list):
        for one in found:
            yield from states(one)


def test_nginx_answers_as_the_service_does_for_every_file_of_the_mirror(mirror: Mirror) -> None:
    answers = [file for file in mirror.files if not file.startswith("404.")]
    assert len(answers) > 500
    for file in answers:
        folder, path = address(file)
        static = mirror.nginx.get(asked(folder, path))
        live = mirror.service.get(asked(folder, path))
        assert (static.status_code, live.status_code) == (200, 200), (file, path)
        assert static.headers["content-type"] == live.headers["content-type"], file
        assert static.content == (mirror.folder / "current" / file).read_bytes(), file
        if any(part in path for part in CLOCKED) or static.headers["content-type"].startswith("text/html"):
            continue
        if static.headers["content-type"] == "application/json":
            assert lasting(static.json()) == lasting(live.json()), file
        elif static.headers["content-type"] in ("application/ld+json", "application/rdf+xml"):
            assert len(static.content) == len(live.content), file
        else:
            assert static.content == live.content, file


def test_every_list_is_held_page_by_page_with_every_record(mirror: Mirror) -> None:
    for collection in ("hotlines", "municipalities", "resources", "organizations", "publications", "sources"):
        page = mirror.nginx.get(f"/v1/{collection}?lang=en&limit=20&offset=0").json()
        items = page["items"]
        while "next" in page["_links"]:
            page = mirror.nginx.get(page["_links"]["next"]["href"]).json()
            items += page["items"]
        assert len({one["id"] for one in items}) == page["_meta"]["total"]
        for one in items[-5:]:
            assert mirror.nginx.get(one["_links"]["self"]["href"]).json()["id"] == one["id"]


def test_no_file_says_that_anybody_answers_unless_somebody_always_does(mirror: Mirror) -> None:
    seen = 0
    for file in mirror.files:
        if file.endswith((".json", ".ndjson")) and "openapi" not in file:
            for line in (mirror.folder / "current" / file).read_text().splitlines():
                for hours in states(json.loads(line)):
                    seen += 1
                    assert hours["state"] in ("unknown", "not_stated") or hours["always_open"], file
                    assert (hours["next_change"], hours["holiday"]) == (None, None), file
    assert seen > 200


def test_no_page_says_that_anybody_answers_unless_somebody_always_does(mirror: Mirror) -> None:
    always = {"Kvinnofridslinjen", "Nödnumret 112", "Polisen 114 14", "Bris", "1177 sjukvårdsrådgivning"}
    pages = [file for file in mirror.files if file.endswith(".html") and ("any/sv/" in file or "embed/" in file)]
    assert len(pages) > 50
    for file in pages:
        text = (mirror.folder / "current" / file).read_text()
        assert "stodkatalog-moment" not in text, file
        for sure in re.findall(r'class="(?:[^"]*[ -])?state[- ](?:stodkatalog-|state-)?(open|closed)"', text):
            assert sure == "open", file
            assert any(name in text for name in always), file
    line = mirror.nginx.get("/sv/resurser/nationella-stodtelefonen").text
    assert "Kan vara bemannad" in line
    assert "020-39 00 00" in line


def test_the_language_is_the_one_asked_for(mirror: Mirror) -> None:
    for headers, language in (
        ({}, "sv"),
        ({"Accept-Language": "en"}, "en"),
        ({"Accept-Language": "en-GB,en;q=0.9,sv;q=0.8"}, "en"),
        ({"Accept-Language": "sv,en;q=0.8"}, "sv"),
        ({"Accept-Language": "de, en;q=0.5"}, "en"),
        ({"Accept-Language": "send"}, "sv"),
        ({"Accept-Language": "sv;q=0, *;q=0.5"}, "en"),
        ({"Accept-Language": "en;q=0, sv"}, "sv"),
        ({"Accept-Language": "en;q=0.7, sv;q=0.0"}, "en"),
    ):
        answer = mirror.nginx.get("/v1/hotlines/sos-112", headers=headers)
        assert (answer.json()["language"], answer.headers["content-language"]) == (language, language), headers
    assert mirror.nginx.get("/v1/hotlines/sos-112?lang=en").json()["language"] == "en"
    assert (
        mirror.nginx.get("/v1/hotlines/sos-112?lang=sv", headers={"Accept-Language": "en"}).json()["language"] == "sv"
    )


@pytest.mark.parametrize(
    "path",
    [
        "/v1/hotlines?municipality=Halmstad", "/v1/hotlines?kommun=Halmstad", "/v1/hotlines?lang=fr",
        "/v1/hotlines?limit=5&offset=0", "/v1/hotlines?limit=20&offset=../../x", "/v1/exports/resources.csv?bom=true",
        "/v1/search?q=112", "/v1/referrals", "/v1/hotlines/finns-inte", "/finns-inte", "/404.problem",
        "/any/v1/sources", "/sv/v1/hotlines/index.json",
    ],
)  # fmt: skip
def test_what_a_mirror_does_not_hold_is_a_404_that_says_so_never_the_whole_list(mirror: Mirror, path: str) -> None:
    answer = mirror.nginx.get(path)
    assert answer.status_code == 404
    assert "112" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    if not path.startswith("/sv/"):
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == 404


@pytest.mark.parametrize(("path", "says"), [("/sv/sok", "112"), ("/en/whom-to-contact", "112")])
def test_a_page_that_only_the_service_has_leads_on_in_its_language(mirror: Mirror, path: str, says: str) -> None:
    answer = mirror.nginx.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert says in answer.text


@pytest.mark.parametrize(
    ("path", "says", "leads"),
    [
        ("/sv/sok?q=x", "Den har varken sökning, urval eller", ("/sv/stodlinjer", "/sv/regionkoordinatorer")),
        ("/en/whom-to-contact", "It has no search, no filters and no", ("/en/hotlines", "/en/coordinators")),
        ("/sv/stodlinjer?status=ended", "kopia av Stödkatalogen", ("tel:112", "tel:11414")),
    ],
)
def test_a_page_that_is_not_held_says_that_this_is_a_copy_and_what_it_has(
    mirror: Mirror, path: str, says: str, leads: tuple[str, ...]
) -> None:
    answer = mirror.nginx.get(path)
    assert answer.status_code == 404
    assert says in answer.text
    assert all(f'href="{one}"' in answer.text.partition("<main")[2] for one in leads)


def test_no_link_on_a_page_leads_to_what_only_the_service_has(mirror: Mirror) -> None:
    dead: dict[str, str] = {}
    asked: dict[str, int] = {}
    for file in (one for one in mirror.files if one.startswith(("any/sv/", "any/en/", "404."))):
        at = httpx.URL(f"{mirror.settings.base_url}").join("/" if file.startswith("404.") else address(file)[1])
        for link in re.findall(r'href="([^"]+)"', (mirror.folder / "current" / file).read_text()):
            to = str(at.join(unescape(link))).partition("#")[0]
            if to.startswith(str(mirror.settings.base_url)):
                if to not in asked:
                    asked[to] = mirror.nginx.head(to, follow_redirects=True).status_code
                if asked[to] != 200:
                    dead[to] = file
    assert len(asked) > 100
    assert dead == {}


@pytest.mark.parametrize(
    "path",
    ["/", "/docs", "/docs/hotlines", "/sv/stodlinjer", "/sv/", "/en/about", "/embed/frame/courses", "/embed/guide"],
)
def test_a_page_passes_over_parameters_that_it_does_not_know(mirror: Mirror, path: str) -> None:
    plain = mirror.nginx.get(path)
    assert plain.status_code == 200
    for strays in ("utm_source=x&fbclid=abc", "colour=red", "municipality=", "utm_campaign=a%20b&q2=%C3%A5&x"):
        assert mirror.nginx.get(f"{path}?{strays}").text == plain.text, strays


def test_the_kept_documentation_has_no_search_that_only_the_service_answers(mirror: Mirror) -> None:
    assert "<form" in mirror.service.get("/docs").text
    assert "<form" not in mirror.nginx.get("/docs").text


def test_the_pages_of_help_are_held_in_every_language_with_their_looks(mirror: Mirror) -> None:
    for code, texts in load_texts().items():
        page = mirror.nginx.get(f"/help/{code}?fbclid=abc")
        assert (page.status_code, page.headers["content-language"]) == (200, texts.lang)
        assert 'href="tel:116111"' in page.text
        assert "style-src 'self'" in page.headers["content-security-policy"]
        assert "vem-kontaktar-jag" not in page.text
    for header, code in (("ar-SY,ar;q=0.9", "ar"), ("sv", "latt"), ("fa,en", "en"), ("", "en")):
        answer = mirror.nginx.get("/help", headers={"Accept-Language": header})
        assert (answer.status_code, answer.headers["location"].endswith(f"/help/{code}")) == (302, True)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/hotlines?fbclid=abc",
        "/embed/v1/hotlines.json?fbclid=abc",
        "/sv/regionkoordinatorer?fbclid=abc&municipality=Halmstad",
        "/sv/utbildningar?free=true&format=online",
        "/en/hotlines?open=true",
        "/sv/stodlinjer?fbclid=abc&channel=chat",
        "/sv/regionkoordinatorer?%6Dunicipality=Halmstad",
        "/sv/sok?q=chatt",
        "/embed/frame/courses?x=1&free=true",
    ],
)
def test_a_filter_is_never_an_unfiltered_list(mirror: Mirror, path: str) -> None:
    assert mirror.nginx.get(path).status_code == 404


def test_the_configuration_knows_the_parameters_of_every_page() -> None:
    browsers = [one for one in routes_of(create_app(Settings(database_url="sqlite:///never-opened")))
                if one.contract.is_for_browsers and one.contract.cross_origin]  # fmt: skip
    asked = {name for one in browsers for name in names_of(one.parameters)} - {"lang"}
    configuration = (ROOT / "deploy" / "mirror.nginx.conf").read_text("utf-8")
    (known,) = re.findall(r"&\)\*\(\?:([a-z_|]+)\|", configuration)
    assert known.split("|") == sorted(asked)


def test_answers_are_cached_shared_and_nobody_is_tracked(mirror: Mirror) -> None:
    answer = mirror.nginx.get("/v1/hotlines")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"].startswith("public, max-age=300")
    assert "set-cookie" not in answer.headers
    assert mirror.nginx.get("/v1/hotlines", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    frame = mirror.nginx.get("/embed/frame/hotlines").headers["content-security-policy"]
    assert "frame-ancestors *" in frame
    assert "frame-ancestors 'none'" in mirror.nginx.get("/sv/om").headers["content-security-policy"]
    download = mirror.nginx.get("/v1/exports/resources.csv").headers["content-disposition"]
    assert download == 'attachment; filename="stodkatalogen-resources.csv"'
    assert mirror.nginx.get("/sv").headers["location"].endswith("/sv/")


def test_every_sort_of_file_has_its_type_in_the_configuration(mirror: Mirror) -> None:
    kinds = {kind.split(";")[0]: ending for kind, ending in EXTENSIONS.items()}
    for file in mirror.files:
        assert Path(file).suffix in kinds.values(), file


def test_a_second_export_of_the_same_day_writes_nothing(mirror: Mirror, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(mirror.folder, copy, symlinks=True)
    engine = engine_for(mirror.settings.database_url)
    report = export(mirror.settings, engine, copy)
    engine.dispose()
    root, again = mirror.folder / "current", copy / "current"
    assert [name for name in mirror.files if (root / name).read_bytes() != (again / name).read_bytes()] == []
    assert (report.written, report.unchanged, report.removed) == (0, mirror.report.written, 0)


def test_while_the_service_is_away_the_sample_of_nginx_lets_the_mirror_answer_who_only_reads(
    mirror: Mirror, tmp_path: Path
) -> None:
    store, port, behind = tmp_path / "store.sqlite3", free_port(), free_port()
    with closing(sqlite3.connect(make_url(mirror.settings.database_url).database or "")) as before:
        before.execute("VACUUM INTO ?", (str(store),))
    sample = (
        (ROOT / "deploy" / "mirror.nginx.conf").read_text("utf-8").replace("listen 80;", f"listen 127.0.0.1:{port};")
    )
    (tmp_path / "mirror.nginx.conf").write_text(sample.replace("/srv/stodkatalog", str(mirror.folder)), "utf-8")
    changes = {
        "127.0.0.1:8081": f"127.0.0.1:{port}",
        "# proxy_intercept_errors": "proxy_intercept_errors",
        "# if ($may_read_mirror)": "if ($may_read_mirror)",
        "# With TLS, what is asked": f"include {tmp_path}/mirror.nginx.conf;\n    # With TLS, what is asked",
    }
    application = create_app(mirror.settings.model_copy(update={"database_url": f"sqlite:///{store}"}))
    with nginx_before(behind, folder=tmp_path, changes=changes) as front:
        with serve(application, port=behind):
            assert "evaluated_at" in front.client.get("/v1/hotlines").text
            with closing(sqlite3.connect(store)) as other:
                other.execute("ALTER TABLE resource RENAME TO gone")
            check_answers_of_mirror(front.client, mirror)
            for refused in (
                front.client.get("/v1/courses", headers={"Cookie": "x=1"}),
                front.client.post("/sv/vem-kontaktar-jag", data={"vem": "jag"}),
            ):
                assert (refused.status_code, "112" in refused.text) == (503, True)  # the service's own words
        check_answers_of_mirror(front.client, mirror)
        assert front.client.get("/help", headers={"Accept-Language": "uk"}).headers["location"] == "/help/uk"
        assert front.client.post("/v1/reports", json={}).status_code == 502
        with closing(sqlite3.connect(store)) as other:
            other.execute("ALTER TABLE gone RENAME TO resource")
        with serve(create_app(application.state.settings), port=behind) as running:
            assert front.client.get("/v1/programs").content == running.client.get("/v1/programs").content


def check_answers_of_mirror(front: httpx.Client, mirror: Mirror) -> None:
    """What the mirror has is answered from there, and may be kept for a minute; what it lacks is a 404."""
    for path in ("/v1/programs", "/sv/stodlinjer"):
        answer = front.get(path)
        assert answer.status_code == 200
        assert answer.content == mirror.nginx.get(path).content
        assert answer.headers["cache-control"] == "public, max-age=60"
    lacking = front.get("/v1/search?q=polisen")
    assert (lacking.status_code, lacking.headers["cache-control"]) == (404, "no-store")
