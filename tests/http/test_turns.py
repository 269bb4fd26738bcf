"""A crowd that asks for the same costs what one costs."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import httpx
from sqlalchemy import event

from tests.serving import PLAIN, Served

CROWD = 24


@contextmanager
def counted(served: Served) -> Iterator[list[str]]:
    """The statements that the service runs within the block."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        statements.append(statement)

    engine = served.application.state.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def list_reads(statements: list[str]) -> list[str]:
    """Those that read tables, and not what /healthz asks."""
    return [statement for statement in statements if "FROM" in statement]


def ask(served: Served, path: str, number: int) -> list[httpx.Response]:
    """The answers to so many callers at the same time."""
    ready = Barrier(number)

    def one(_: int) -> httpx.Response:
        with httpx.Client(base_url=served.address, timeout=20, verify=PLAIN) as client:
            client.get("/healthz")  # the connection stands
            ready.wait(20)
            return client.get(path)

    with ThreadPoolExecutor(number) as crowd:
        return list(crowd.map(one, range(number)))


def test_a_crowd_that_asks_for_the_same_gets_one_answer_made_once(served: Served) -> None:
    with counted(served) as alone:
        assert served.client.get("/v1/resources?limit=100&at=2026-11-22T02:00:00Z").status_code == 200
    with counted(served) as together:
        answers = ask(served, "/v1/resources?limit=100&at=2026-11-22T02:00:01Z", CROWD)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len(list_reads(together)) < 4 * len(list_reads(alone))


def test_a_crowd_that_asks_for_what_is_not_kept_gets_it_all_the_same(served: Served) -> None:
    for path, status in (("/v1/hotlines/none", 404), ("/healthz", 200), ("/v1/hotlines?limit=x", 422)):
        assert {answer.status_code for answer in ask(served, path, CROWD)} == {status}
