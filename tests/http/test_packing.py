"""Large answers are packed beside the event loop, and once."""

import threading

import pytest

from app.http import representing
from tests.serving import Served

DOCUMENT = "/v1/openapi.json?lang=en"
"""Large, and of no other test: nobody has asked for it before."""


def test_a_large_answer_is_packed_once_and_not_where_the_others_wait(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed_in: list[str] = []
    pack = representing.PACKERS["gzip"]

    def noted(body: bytes) -> bytes:
        packed_in.append(threading.current_thread().name)
        return pack(body)

    monkeypatch.setitem(representing.PACKERS, "gzip", noted)
    answers = [served.client.get(DOCUMENT, headers={"Accept-Encoding": "gzip"}) for _ in range(4)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.headers["etag"] for answer in answers}) == 1
    assert all(len(answer.content) > 500_000 for answer in answers)
    assert len(packed_in) == 1
    assert "AnyIO worker thread" in packed_in[0]
