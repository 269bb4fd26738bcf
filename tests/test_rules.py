"""Rules of CONTRIBUTING.md and of the decision records that a machine can hold, and that no other test does."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from app.opening_hours.live import State
from app.opening_hours.wording import CHANGES, NOW, STATES
from app.settings import ROOT
from app.standards.hsds.services import ALERTS
from app.standards.schema_org_parts import NO_LONGER
from app.status import OFFERED, Status
from tests.test_architecture import modules

TESTS = sorted((ROOT / "tests").rglob("*.py"))
RECORDS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
RANGE = re.compile(r"[a-z0-9\[\]-]+>=[0-9.]+,<[0-9.]+", re.IGNORECASE)
WITHOUT_RANGE = {
    "httptools",  # exactly the versions whose inner parts `app/server` relies on
    "uvicorn",
    "tzdata",  # numbered by the year of its data; no year is too new
}
CLOCK = re.compile(r"\b(?:time|monotonic|perf_counter|process_time)\(\) - \w+(?:\.\w+)* < (\w+)")
LEAST = 3
"""Seconds that an assertion may wait for what would otherwise hang. Below, it would be one about speed."""
HANGING = ("SOON", "LATEST")
"""Names of such waits."""


SKIPPING = re.compile(r"mark\.skip|pytest\.skip\(|xfail|importorskip")

VAGUE = frozenset(
    ("asked", "found", "given", "has", "heard", "held", "kept", "known", "made", "one", "read", "said", "shown",
     "there", "told", "wanted")
)  # fmt: skip
"""Words that do not tell what a value is."""


def list_dependencies() -> Iterator[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    yield from project["project"]["dependencies"]
    for group in (project["project"]["optional-dependencies"], project["dependency-groups"]):
        for names in group.values():
            yield from names


def test_every_dependency_has_a_range() -> None:
    without = {name for name in list_dependencies() if not RANGE.fullmatch(name)}
    assert {re.split(r"[=<>]", name)[0] for name in without} == WITHOUT_RANGE


def test_no_test_asserts_speed() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {match[0]}"
        for file in TESTS
        for match in CLOCK.finditer(file.read_text("utf-8"))
        if match[1] not in HANGING and not (match[1].isdecimal() and int(match[1]) >= LEAST)
    ]
    assert not found, "speed is measured in bench/"


def test_no_test_is_skipped_but_those_that_need_documents_from_elsewhere() -> None:
    skipping = {
        file.relative_to(ROOT / "tests").as_posix()
        for file in TESTS
        if re.search(r"mark\.skip|pytest\.skip\(|xfail|importorskip", file.read_text("utf-8"))
        and file != Path(__file__)
    }
    assert skipping == {"standards/hsds/official.py", "standards/hsds/test_ways_of_contact.py"}
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]
    assert settings["filterwarnings"] == ["error"], "warnings are errors"


def test_every_decision_record_names_the_tests_that_hold_it() -> None:
    assert [record.name[:4] for record in RECORDS] == [f"{number:04}" for number in range(1, len(RECORDS) + 1)]
    for record in RECORDS:
        text = record.read_text("utf-8")
        _, heading, enforcement = text.rpartition("Enforced ")
        assert heading, f"{record.name} does not say what holds it"
        named = re.findall(r"`(tests/[\w/.]*)`", enforcement)
        assert named, f"{record.name} names no test"
        missing = [path for path in re.findall(r"`((?:app|tests|bench)/[\w/.]*)`", text) if not (ROOT / path).exists()]
        assert not missing, f"{record.name} names what does not exist: {missing}"


def test_every_folder_of_tests_stands_for_one_of_the_application() -> None:
    folders = {folder.name for folder in (ROOT / "tests").iterdir() if any(folder.glob("test_*.py"))}
    beside = {"bench", "deploy", "stories"}
    assert {name for name in folders - beside if not (ROOT / "app" / name).is_dir()} == set()


def test_every_state_and_status_has_words_wherever_it_is_told() -> None:
    assert set(STATES) == set(State)
    assert set(NOW) == {state for state in State if state is not State.NOT_STATED}
    assert set(CHANGES) == {(state, then) for state in NOW for then in NOW if state is not then}
    told = set(Status) - set(OFFERED)
    assert set(NO_LONGER) == set(ALERTS) == told
    pages = tomllib.loads((ROOT / "app" / "embed" / "pages" / "texts.toml").read_text("utf-8"))["status"]
    assert {status for status in told if {status, f"{status}_text"} <= set(pages)} == told


def test_no_route_is_called_as_a_function() -> None:
    trees = dict(modules())
    routes = {
        (name, node.name)
        for name, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(map(_is_of_router, node.decorator_list))
    }
    assert len(routes) > 100
    for name, tree in trees.items():
        known = {function: function for module, function in routes if module == name}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("app."):
                module = node.module.removeprefix("app.")
                known |= {each.asname or each.name: each.name for each in node.names if (module, each.name) in routes}
        called = {
            node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not called & set(known), f"{name} calls a route"


def _is_of_router(decorator: ast.expr) -> bool:
    """Whether it is `@router.get(…)` or the like."""
    function = decorator.func if isinstance(decorator, ast.Call) else None
    return isinstance(function, ast.Attribute) and function.attr in ("get", "post", "put", "patch", "delete")


def test_qualities_of_accept_headers_are_read_in_one_place() -> None:
    reading = {
        name for name, tree in modules() for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value == "q" and name.startswith(("http.", "server."))
    }  # fmt: skip
    assert reading == {"http.negotiating"}


def test_local_names_and_parameters_tell_what_the_value_is() -> None:
    vague = {
        f"{name}: {value}" for name, tree in modules()
        for value in _list_values(tree) if value in VAGUE
    }  # fmt: skip
    assert vague == set()


def _list_values(tree: ast.Module) -> Iterator[str]:
    """The names of local values and parameters; a field of a class may be what a document calls it."""
    fields = {id(part.target) for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
              for part in node.body if isinstance(part, ast.AnnAssign)}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in fields:
            yield node.id
