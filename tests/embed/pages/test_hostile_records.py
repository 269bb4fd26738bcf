"""Whatever a record says comes out as text."""

import re
from html import unescape

import httpx
import pytest
from sqlalchemy import Engine, update
from sqlmodel import Session, col

from app.main import create_app
from app.organizations.models import OrganizationText
from app.publications.models import PublicationDetails
from app.resources.models import Channel, ContactPoint, ResourceText
from app.settings import Settings
from app.sources.models import Citation, Source
from tests.serving import serve

MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}</script><!--'
BIDI = "\u202eevil\u2066"
SCRIPT = "JavaScript:alert(1)"
PATHS = (
    "/sv/",
    "/en/hotlines",
    "/sv/publikationer",
    "/sv/resurser/pegasuschatten",
    "/en/resources/manual-frivilligt-atervandande",
    "/sv/resurser/socialstyrelsen-vuxna",
    "/sv/vem-kontaktar-jag?municipality=Halmstad",
)


@pytest.fixture
def hostile(seeded_engine: Engine) -> Engine:
    """A store in which every text is an attack."""
    with Session(seeded_engine) as session:
        for model, values in {
            ResourceText: {"name": MARKUP + BIDI, "summary": MARKUP, "description": BIDI + MARKUP},
            OrganizationText: {"name": MARKUP, "description": MARKUP},
            Source: {"title": MARKUP, "publisher": MARKUP + BIDI, "url": SCRIPT},
            Citation: {"evidence": MARKUP, "locator": MARKUP},
            PublicationDetails: {"title": MARKUP, "edition": MARKUP, "number": BIDI, "url": SCRIPT},
            ContactPoint: {"label_sv": MARKUP, "label_en": MARKUP, "hours_stated": MARKUP, "hours_reason_sv": MARKUP},
        }.items():
            session.execute(update(model).values(**values))
        web = update(ContactPoint).where(col(ContactPoint.channel).in_((Channel.WEB, Channel.CHAT)))
        session.execute(web.values(value=SCRIPT))
        phone = update(ContactPoint).where(col(ContactPoint.channel) == Channel.PHONE)
        session.execute(phone.values(value=f"{SCRIPT}<b>"))
        session.commit()
    return seeded_engine


def test_markup_script_links_and_bidi_controls_come_out_as_text(hostile: Engine) -> None:
    with serve(create_app(Settings(database_url=hostile.url.render_as_string(hide_password=False)))) as running:
        for path in PATHS:
            page(running.client.get(path))
        asked = running.client.get("/sv/sok", params={"q": MARKUP})
        assert asked.status_code == 200
        assert "<img" not in asked.text
        asked = running.client.get("/sv/regionkoordinatorer", params={"municipality": MARKUP[:60]})
        assert asked.status_code == 422
        assert "<img" not in asked.text


def page(answer: httpx.Response) -> None:
    assert answer.status_code == 200, answer.url
    html = answer.text
    assert "<script>" not in html
    assert "<img" not in html
    assert "49" not in re.findall(r"<h1>.*?</h1>", html)[0]
    assert html.count("</script>") == html.count("<script")
    assert [
        link for link in re.findall(r'href="([^"]*)"', html) if unescape(link).lower().startswith("javascript")
    ] == []
    # Marks that turn the direction of writing stand in an isolate, or nowhere.
    outside = re.sub(r"<bdi[^>]*>[^<]*</bdi>", "", html.partition("<title>")[0] + html.partition("</head>")[2])
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", outside)
    head = html.partition("</head>")[0]
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", re.sub(r"<script.*?</script>", "", head))
