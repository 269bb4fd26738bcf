"""Our protocol answers as uvicorn's own does, whatever arrives and however it is cut; `make pipelines` tries more."""

import asyncio

import pytest

from app.main import create_app
from app.settings import Settings
from bench.pipelines import agree, compare_many

NUMBER = 250
REFUSED = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_mutated_and_cut_pipelines_get_the_answers_of_uvicorns_own_protocol(database_url: str) -> None:
    application = create_app(Settings(database_url=database_url))
    found = asyncio.run(compare_many(application, NUMBER, seed=1, at_once=16, seconds=60))
    assert found.pipelines == NUMBER
    assert found.differences == []
    assert found.answered > NUMBER / 3, "many pipelines have an answer that is no refusal"


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ([b"a", b"b"], [b"a", b"b"], True),
        ([b"a", b"b"], [b"a", b"c"], False),
        ([b"a"], [b"a", b"b"], False),
        ([b"a", REFUSED], [REFUSED], True),
        ([b"a", b"b", REFUSED], [b"c", REFUSED], False),
    ],
)
def test_answers_in_another_order_or_too_few_are_a_difference(
    ours: list[bytes], theirs: list[bytes], same: bool
) -> None:
    assert agree(ours, theirs) is same
