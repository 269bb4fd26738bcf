"""Which addresses a mirror holds, and under which names."""

import pytest

from app.mirror.layout import Address, UnknownSort, address_of, file_of

BASE = "https://katalog.example"


@pytest.mark.parametrize(
    ("path", "query", "content_type", "file"),
    [
        ("/", "", "text/html; charset=utf-8", "index.html"),
        ("/sv/", "", "text/html; charset=utf-8", "sv/index.html"),
        ("/sv/om", "", "text/html; charset=utf-8", "sv/om/index.html"),
        ("/v1/hotlines", "", "application/json", "v1/hotlines/index.json"),
        ("/v1/hotlines", "limit=20&offset=20", "application/json", "v1/hotlines/index@limit=20&offset=20.json"),
        ("/v1/opening-hours/linjen.telefon", "", "application/json", "v1/opening-hours/linjen.telefon/index.json"),
        ("/v1/exports/resources.csv", "", "text/csv; charset=utf-8", "v1/exports/resources.csv"),
        ("/v1/changes.atom", "", "application/atom+xml", "v1/changes.atom"),
        ("/v1/changes.atom", "limit=2&before=AAk-", "application/atom+xml", "v1/changes.atom@limit=2&before=AAk-.atom"),
        ("/v1/changes/feed.json", "", "application/feed+json", "v1/changes/feed.json/index.jsonfeed"),
    ],
)
def test_an_address_has_the_file_that_the_web_server_looks_for(
    path: str, query: str, content_type: str, file: str
) -> None:
    assert file_of(Address(path, query), content_type) == file


def test_an_answer_of_an_unknown_sort_is_a_fault_and_no_file_of_a_wrong_sort() -> None:
    with pytest.raises(UnknownSort, match="application/x-unheard-of"):
        file_of(Address("/v1/hotlines"), "application/x-unheard-of")


@pytest.mark.parametrize(
    ("found", "held"),
    [
        (
            "https://katalog.example/v1/hotlines?lang=en&amp;limit=20&amp;offset=20",
            ("/v1/hotlines", "limit=20&offset=20"),
        ),
        ("/sv/om?lang=sv#kontakt", ("/sv/om", "")),
        ("om", ("/sv/om", "")),
        ("https://katalog.example/v1/hotlines?municipality=1380", None),
        ("https://katalog.example/v1/hotlines/{id}", None),
        ("https://katalog.example.org/v1/hotlines", None),
        ("https://katalog.example/../etc/passwd", None),
        ("https://elsewhere.example/v1/hotlines", None),
        ("//elsewhere.example/v1/hotlines", None),
        ("mailto:kontakt@katalog.example", None),
        ("tel:112", None),
    ],
)
def test_links_lead_to_what_a_mirror_holds_and_nowhere_else(found: str, held: tuple[str, str] | None) -> None:
    assert address_of(found, "/sv/hem", BASE) == (held and Address(*held))


def test_a_service_under_a_path_is_walked_too() -> None:
    base = "https://kommun.example/katalog"
    assert address_of("/sv/om", "/sv/", base) == Address("/sv/om")
    assert address_of(f"{base}/v1/hotlines", "/v1", base) == Address("/v1/hotlines")
    assert address_of("https://kommun.example/annat", "/sv/", base) is None
