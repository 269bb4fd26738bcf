"""What is asked: the same things of each subject, and whether their answers say the same."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx

from bench.loading import Headers, Work
from bench.subjects import Subject

DETAIL = "/v1/hotlines/prov-50"
LIST = "/v1/hotlines?limit=20"
AREA = "1380"
FILTERED = f"/v1/hotlines?municipality={AREA}&limit=20"
SEARCH = "/v1/search?q=lampa&limit=20"
HSDS = "/hsds/v3/services?per_page=20"
REFERRAL = "/v1/referrals?municipality=1380"

MIXED: tuple[Headers, ...] = (
    {"Accept": "*/*", "Accept-Language": "sv-SE,sv;q=0.9,en;q=0.8"},
    {"Accept": "application/json", "Accept-Language": "sv"},
    {"Accept": "application/json, text/plain, */*", "Accept-Language": "sv-FI, nb;q=0.5"},
    {"Accept": "text/html, application/json;q=0.9, */*;q=0.8", "Accept-Language": "en-GB,en;q=0.7"},
)
PAGE = "/sv/stodlinjer"
WARM = {
    "detail": DETAIL,
    "list of 20": LIST,
    "filtered list": FILTERED,
    "search": SEARCH,
    "HSDS list": HSDS,
    "page": PAGE,
}
DATASETTE = {
    "detail": "/{store}/resource.json?slug=prov-50&_nocount=1&_shape=objects",
    "list of 20": "/{store}/resource.json?kind=hotline&_sort=position&_size=20&_nocount=1&_shape=objects",
}
TUTORIAL = {
    "detail": "/resources/prov-50",
    "list of 20": "/resources/?kind=hotline&limit=20",
    "filtered list": f"/resources/?kind=hotline&area={AREA}&limit=20",
    "search": "/resources/?q=lampa&limit=20",
}

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
_SECONDS = count()
_UNREAD, _UNREAD_OF_TUTORIAL = count(1000), count()


def cold(path: str, number: int, size: int) -> Work:
    """Another address each time, none twice in a process: other records, other pages, other moments."""
    moments = [FIRST + timedelta(seconds=next(_SECONDS)) for _ in range(number)]
    places = [nth * 7 % max(1, min(size // 5, 1000) - 20) for nth in range(number)]
    if path == DETAIL:
        return Work(
            [
                f"/v1/hotlines/prov-{5 * place}?at={at:%Y-%m-%dT%H:%M:%SZ}"
                for place, at in zip(places, moments, strict=True)
            ]
        )
    return Work(
        [f"{LIST}&offset={place}&at={at:%Y-%m-%dT%H:%M:%SZ}" for place, at in zip(places, moments, strict=True)]
    )


def unread(number: int, size: int) -> Work:
    """Records that nobody has asked for before, nor the disk either, as long as there are such: from the first on."""
    return Work([f"/v1/hotlines/prov-{5 * (next(_UNREAD) % max(1, size // 5))}" for _ in range(number)])


def unread_of_tutorial(number: int, size: int) -> Work:
    """Others, of which the same is true: from the last one back."""
    last = max(1, size // 5)
    return Work([f"/resources/prov-{5 * (last - 1 - next(_UNREAD_OF_TUTORIAL) % last)}" for _ in range(number)])


def cold_of_tutorial(path: str, number: int, size: int) -> Work:
    """The same records and pages; it keeps nothing."""
    places = [nth * 7 % max(1, min(size // 5, 1000) - 20) for nth in range(number)]
    if path == DETAIL:
        return Work([f"/resources/prov-{5 * place}" for place in places])
    return Work([f"/resources/?kind=hotline&limit=20&offset={place}" for place in places])


def assert_the_same(service: Subject, tutorial: Subject, files: Subject, datasette: Subject | None, store: str) -> None:
    """The answers of all say the same before any of them is loaded."""
    for path in WARM.values():
        assert _get(service, path).content == _get(service, path).content, "the kept answer is not the first"
    for name in ("detail", "list of 20"):
        assert _get(files, file_of(name)).content == _get(service, WARM[name]).content or _live(service, name)
        if datasette is not None:
            listed = _get(datasette, DATASETTE[name].format(store=store)).json()["rows"]
            found = _get(service, WARM[name]).json()
            assert {row["slug"] for row in listed} == {one["id"] for one in found.get("items", [found])}
        ours, theirs = _get(service, WARM[name]).json(), _get(tutorial, TUTORIAL[name]).json()
        assert [_fact(one) for one in ours.get("items", [ours])] == [
            _fact_of_tutorial(one) for one in (theirs if isinstance(theirs, list) else [theirs])
        ]


def _live(service: Subject, name: str) -> bool:
    # The minute may have turned since the file was written.
    return "must-revalidate" in _get(service, WARM[name]).headers["cache-control"]


def file_of(name: str) -> str:
    """Where nginx has the bytes."""
    return f"/{name.replace(' ', '-')}.json"


def _get(subject: Subject, path: str) -> httpx.Response:
    answer = httpx.get(subject.address + path, headers={"Accept-Encoding": "identity"}, timeout=60)
    assert answer.status_code == 200, f"{subject.name} {path}: {answer.text[:300]}"
    return answer


def _fact(one: dict[str, Any]) -> tuple[Any, ...]:
    points = [(point["id"], point["value"]) for point in one["contact_points"]]
    citations = sorted((each["field"], each["source"]["id"], each["evidence"]) for each in one["citations"])
    return one["id"], one["kind"], one["name"], one["summary"], points, citations


def _fact_of_tutorial(one: dict[str, Any]) -> tuple[Any, ...]:
    text = next(each for each in one["texts"] if each["language"] == "sv")
    points = [(point["slug"], point["value"]) for point in one["contact_points"]]
    citations = sorted((each["field"], each["source"]["slug"], each["evidence"]) for each in one["citations"])
    return one["slug"], one["kind"], text["name"], text["summary"], points, citations
