"""What becomes of pages, and what a run says of it."""

import gzip
import time
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from app.verifying.fetching import Fetcher, Limits
from app.verifying.models import EvidenceCheck, SourceCheck
from app.verifying.running import run_checks
from tests.verifying.conftest import START, Directory, on_sqlite, outcomes
from tests.verifying.site import NUMBER, Serve, Site, drip, page, redirect

LINE = page(f"<p>Ring {NUMBER}, vardagar 9–16</p>")


def pdf(text: str) -> bytes:
    """A PDF of one page with a line of text."""
    content = f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R "
        "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
    ]
    body, places = "%PDF-1.4\n", list[int]()
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{one}\nendobj\n"
    entries = "".join(f"{place:010} 00000 n \n" for place in places)
    table = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{entries}"
    ending = f"trailer << /Root 1 0 R /Size {len(places) + 1} >>\nstartxref\n{len(body)}\n%%EOF"
    return (body + table + ending).encode("ascii")


LIVES: dict[str, tuple[Serve, str, str]] = {
    "split-by-an-element": (page("<p>Ring 020-<b>390</b>&nbsp;000 nu"), "seen", ""),
    "other-dash-and-spaces": (page("Ring 020 – 390\n   000"), "seen", ""),
    "in-cells": (page("<table><tr><td>020-390<td>000</table>"), "seen", ""),
    "declared-utf-8-but-latin-1": (page(f"Måndag {NUMBER} för".encode("latin-1")), "seen", ""),
    "declared-latin-1-but-utf-8": (page(f"{NUMBER}", "text/html; charset=iso-8859-1"), "seen", ""),
    "no-such-charset": (page(f"{NUMBER}", "text/html; charset=nonsense"), "seen", ""),
    "plain-text": (page(NUMBER, "text/plain"), "seen", ""),
    "gzip": (page(gzip.compress(NUMBER.encode()), Content_Encoding="gzip"), "seen", ""),
    "pdf": (page(pdf(f"Ring {NUMBER}"), "application/pdf"), "seen", ""),
    "with-a-login-box": (page(f"<title>Linjen</title><input type=password>{NUMBER}"), "seen", ""),
    "missing": (page("<p>Ring oss."), "changed", ""),
    "within-a-longer-number": (page("<p>Ring 020-390 0001."), "changed", ""),
    "only-in-a-script": (page(f"<script>'{NUMBER}'</script>" + "<p>Linjen är öppen. " * 20), "changed", ""),
    "moved": (redirect("/nytt"), "moved", "/nytt"),
    "moved-for-now": (redirect("/nytt", 302), "seen", ""),
    "404": (page("", status=404), "gone", "404"),
    "410": (page("", status=410), "gone", "410"),
    "soft-404": (page(f"<title>Sidan kunde inte hittas</title>{NUMBER}"), "gone", "kunde inte hittas"),
    "soft-404-in-english": (page("<h1>Page not found</h1>"), "gone", "not found"),
    "login": (page("<title>Logga in</title><form><input type=password></form>"), "unreachable", "password"),
    "challenge": (page("<title>Just a moment...</title>" + NUMBER), "unreachable", "a person"),
    "needs-scripts": (page("<div id=app></div><script src=a.js></script>"), "unreachable", "scripts"),
    "403": (page(NUMBER, status=403), "unreachable", "403"),
    "500": (page(NUMBER, status=500), "unreachable", "500"),
    "huge": (page(b"x" * 5_100_000), "unreachable", "5 MB"),
    "gzip-bomb": (page(gzip.compress(bytes(50_000_000), 9), Content_Encoding="gzip"), "unreachable", "5 MB"),
    "cut-gzip": (page(gzip.compress(NUMBER.encode())[:-9], Content_Encoding="gzip"), "unreachable", "breaks off"),
    "brotli": (page(b"x", Content_Encoding="br"), "unreachable", "br"),
    "redirect-loop": (redirect("redirect-loop"), "unreachable", "more than 5 redirects"),
    "to-a-private-address": (redirect("http://10.0.0.1/"), "unreachable", "not public"),
    "to-the-metadata-service": (redirect("http://169.254.169.254/"), "unreachable", "not public"),
    "to-loopback-by-name": (redirect("http://localhost:1/"), "unreachable", "not public"),
    "to-a-file": (redirect("file:///etc/passwd"), "unreachable", "no web address"),
    "with-a-password": (redirect("http://user:secret@127.0.0.1/"), "unreachable", "password"),
    "an-image": (page(b"\x89PNG", "image/png"), "unreachable", "image/png"),
    "a-broken-pdf": (page(b"%PDF-1.4 nonsense", "application/pdf"), "unreachable", "PDF"),
}


def live(directory: Directory) -> dict[str, tuple[str, str]]:
    site = directory.site
    site.pages |= {"/sida": LINE, "/nytt": LINE, **{f"/{name}": serve for name, (serve, *_) in LIVES.items()}}
    directory.cite(**{name: (f"/{name}", NUMBER) for name in LIVES})
    # Most of these fail, as they should: each is checked by itself.
    found = {name: outcomes(directory.verify(only=name))[name] for name in LIVES}
    return {name: (outcome.state.value, outcome.detail or "") for name, outcome in found.items()}


@on_sqlite
def test_each_life_of_a_page_is_told_rightly(directory: Directory) -> None:
    found = live(directory)
    wrong = {
        name: found[name]
        for name, (_, state, detail) in LIVES.items()
        if found[name][0] != state or detail not in found[name][1]
    }
    assert not wrong


def test_an_unchanged_page_is_asked_for_by_its_version_and_still_lacks_what_it_lacked(directory: Directory) -> None:
    directory.site.pages["/sida"] = page("Ring oss.", ETag='"one"')
    directory.cite()
    first, second = directory.verify(0), directory.verify(1)
    assert directory.site.asked("/sida")[1].headers["If-None-Match"] == '"one"'
    assert outcomes(first)["sida"].missing == outcomes(second)["sida"].missing == (NUMBER,)


def test_a_version_is_not_asked_for_when_another_fragment_is_cited_since(directory: Directory) -> None:
    directory.site.pages |= {"/sida": LINE, "/mer": page("alfa beta", ETag='"one"')}
    directory.cite(mer=("/mer", "alfa"))
    directory.verify(0)
    directory.cite(mer=("/mer", "gamma"))
    assert outcomes(directory.verify(1))["mer"].missing == ("gamma",)
    assert "If-None-Match" not in directory.site.asked("/mer")[1].headers


@on_sqlite
def test_a_page_with_another_text_has_changed_though_it_says_what_is_cited(directory: Directory) -> None:
    directory.site.pages["/sida"] = LINE
    directory.cite()
    assert outcomes(directory.verify(0))["sida"].state == "seen"
    assert outcomes(directory.verify(1))["sida"].state == "seen"
    directory.site.pages["/sida"] = page(f"Ring {NUMBER} dygnet runt")
    changed = outcomes(directory.verify(2))["sida"]
    assert (changed.state, changed.missing) == ("changed", ())


def test_a_run_is_kept_with_what_it_saw(directory: Directory) -> None:
    directory.site.pages |= {"/sida": redirect("/nytt"), "/nytt": LINE}
    directory.cite()
    directory.verify(0)
    with Session(directory.engine) as session:
        check = session.exec(select(SourceCheck)).one()
        evidence = session.exec(select(EvidenceCheck).where(col(EvidenceCheck.evidence) == NUMBER)).one()
    assert (check.checked_at, check.state, check.missing) == (START, "moved", "[]")
    assert check.address == f"{directory.site.address}/nytt"
    assert evidence.seen_at == START


@on_sqlite
@pytest.mark.parametrize("slow", [drip(b"x" * 100, 0.2), drip(b"", 0.2, headers=b"HTTP/1.1 200 OK\r\n")])
def test_who_sends_too_slowly_is_given_up_in_time(directory: Directory, slow: Serve) -> None:
    """Neither a body nor headers that come byte by byte may hold a run up."""
    directory.site.pages["/sida"] = slow
    directory.cite()
    fetcher = Fetcher("Stodkatalogen/test", Limits(seconds=0.5, pause=0.0), directory.site.port)
    began = time.monotonic()
    run = run_checks(directory.engine, fetcher, START + timedelta(days=1))
    assert outcomes(run)["sida"].detail == "no whole answer within 0.5 seconds"
    assert time.monotonic() - began < 5


@on_sqlite
@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_is_busy_is_left_alone_for_the_rest_of_the_run(directory: Directory, status: int) -> None:
    directory.site.pages |= {"/sida": page("", status=status), "/mer": LINE}
    directory.cite(mer=("/mer", NUMBER))
    found = outcomes(directory.verify())
    assert [found[name].state for name in ("sida", "mer")] == ["unreachable", "unreachable"]
    assert not directory.site.asked("/mer")


def test_a_page_that_keeps_its_reader_busy_takes_nothing_else_down(site: Site) -> None:
    import asyncio

    from app.verifying.isolating import read_in_child
    from app.verifying.reading import Unreadable

    with pytest.raises(Unreadable, match="more than 1 seconds"):
        asyncio.run(read_in_child(b"<div>" * 200_000, "text/html", seconds=1))
