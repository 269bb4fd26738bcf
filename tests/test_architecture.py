"""Imports run one way, read off the syntax trees; so does who may know whom."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import quantiles

from app.resources.kind import Kind
from app.settings import ROOT

LAYERS = (
    ("base", "folding identity settings status texts times page_paths faults stored_values "
             "resources.kind version unions"),
    ("engine", "database deadlines postgresql sqlite"),
    ("http", "http"),
    ("rules", "opening_hours.rules opening_hours.expressions opening_hours.holidays opening_hours.lint "
              "opening_hours.live opening_hours.spans opening_hours.comments "
              "search.everyday search.kind_names search.ranks search.words calendars"),
    ("tables", "sources areas organizations.models vocabularies.models search.models resources.models records.models "
               "coordinators.models courses.models events.models programs.models publications.models referrals.models "
               "changes.models verifying.models access.models reports.models console.models mailing.models "
               "webhooks.models"),
    ("index", "search.queries search.postings search.preferring search.spelling"),
    ("core", "resources records.shapes records.writing"),
    ("surroundings", "organizations vocabularies opening_hours areas.routes areas.schemas areas.reading "
                     "sources.routes sources.reading"),
    ("standards", "standards.exports.tables standards.schema_org_hours standards.schema_org_parts "
                  "standards.schema_org_types standards.hsds.addresses standards.hsds.reaching "
                  "standards.hsds.schedules standards.hsds.writing resources.declaration"),
    ("kinds", "kinds hotlines coordinators support_services courses programs publications events"),
    ("records", "records search.contents search.indexing search.storing"),
    ("access", "access"),
    ("subjects", "proposals reports search changes"),
    ("answers", "referrals standards"),
    ("pages", "embed mailing.links"),
    ("seeding", "seeding migrating verifying operating mailing webhooks"),
    ("console", "console"),
    ("whole", "main"),
    ("copies", "mirror assistants"),
    ("entry", "server cli"),
    ("command", "__main__"),
)  # fmt: skip
"""The lowest first. A module belongs to the layer with the longest name that it begins with."""

APART = {
    "areas": "filters find areas by their tables; their routes use what all kinds have",
    "mailing": "a page opens the links in mails",
    "opening_hours": "a state is worked out without a database; its routes use what all kinds have",
    "records": "what a record may say, and how rows are written, is known below the way of publishing",
    "resources": "the names of the kinds are known everywhere; a declaration names the standards' building blocks",
    "search": "filters ask the index; what keeps it in step goes over the declarations of the kinds",
    "sources": "everything has citations; their routes use what all kinds have",
    "standards": "the kinds declare what they say in standards in these building blocks",
}
"""Why some files of a room stand lower than the rest of it. For `models.py`: tables refer to tables of other rooms."""

ANSWERING = re.compile(
    r"http\.\w+|database|server\.\w+|console\.\w+|access\.callers"
    r"|([a-z_]+\.)*(\w+_)?routes"
    r"|resources\.(listing|remembering)"  # what the routes of all kinds share
    r"|opening_hours\.intervals|standards\.(dcat|records)|embed\.discovery|embed\.frame\.oembed"  # routes
    r"|standards\.hsds\.(about|answering|application|posting)"
    r"|embed\.pages\.(answering|asking|confirmation|easy|lists|problems|referring|reporting|visitors)"
)
"""The modules that may know of requests."""

KINDS = frozenset(kind.folder for kind in Kind)
PLACES = {name: (number, layer) for number, (layer, names) in enumerate(LAYERS) for name in names.split()}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted((ROOT / "app").rglob("*.py")):
        name = ".".join(file.relative_to(ROOT / "app").with_suffix("").parts).removesuffix("__init__").rstrip(".")
        if name:
            yield name, ast.parse(file.read_text("utf-8"))


def imported(name: str, tree: ast.Module) -> Iterator[str]:
    """What a module takes from app/, wherever in it."""
    if name == "kinds":  # which finds the declarations by the names of the kinds
        yield from (f"{kind.folder}.declaration" for kind in Kind)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name.removeprefix("app.") for one in node.names if one.name.startswith("app."))
        elif isinstance(node, ast.ImportFrom) and node.module == "app":
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("app."):
            inner = node.module.removeprefix("app.")
            for one in node.names:
                file = ROOT / "app" / Path(*inner.split("."), f"{one.name}.py")
                yield f"{inner}.{one.name}" if file.exists() else inner


def room_of(module: str) -> str:
    """The longest name in `LAYERS` that a module begins with."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        if (name := ".".join(parts[:length])) in PLACES:
            return name
    raise AssertionError(f"app.{module} is in no layer: put it in one")


@cache
def read_graph() -> dict[str, list[str]]:
    """By module, what it imports of app/."""
    return {name: sorted(set(imported(name, tree))) for name, tree in modules()}


def test_imports_run_one_way() -> None:
    wrong = [
        f"{PLACES[room_of(name)][1]}: {name} → {PLACES[room_of(other)][1]}: {other}"
        for name, others in read_graph().items()
        for other in others
        if PLACES[room_of(other)][0] > PLACES[room_of(name)][0]
    ]
    assert not wrong, "\n".join(wrong)


def test_no_module_imports_itself_by_way_of_others() -> None:
    left = {name: {other for other in others if other in read_graph()} for name, others in read_graph().items()}
    while free := [name for name, others in left.items() if not others & set(left)]:
        for name in free:
            del left[name]
    assert not left, f"these import each other: {sorted(left)}"


def test_rooms_do_not_import_each_other_in_a_circle() -> None:
    """A room is a folder without the files that `LAYERS` places by themselves, each of which `APART` gives a reason."""
    left: dict[str, set[str]] = {}
    for name, others in read_graph().items():
        left.setdefault(room_of(name), set()).update(room_of(other) for other in others)
    while free := [room for room, others in left.items() if not others & set(left) - {room}]:
        for room in free:
            del left[room]
    assert not left, f"these import each other: {left}"
    apart = {name.split(".")[0] for name in PLACES if "." in name and not name.endswith(".models")}
    assert apart == set(APART)


def test_kinds_do_not_know_each_other() -> None:
    for name, others in read_graph().items():
        mine = name.split(".")[0]
        if mine in KINDS:
            assert not {other.split(".")[0] for other in others} & KINDS - {mine}, name


def test_the_routes_of_a_kind_are_routes_and_nothing_else_and_nobody_calls_them() -> None:
    for name, tree in modules():
        folder, _, file = name.partition(".")
        if folder in KINDS and file == "routes":
            kept = [node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr)]
            routes = [node for node in kept if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
            assert all(route.decorator_list for route in routes), f"{name}: a function is no route"
            assert len(kept) == len(routes) + 1, f"{name}: more than the router and its routes"
    knowing = {name for name, others in read_graph().items() for other in others
               if other in {f"{folder}.routes" for folder in KINDS}}  # fmt: skip
    assert knowing == {f"{folder}.declaration" for folder in KINDS}


def test_kinds_are_listed_in_one_file_only() -> None:
    """A list of kinds elsewhere forgets the next one without a word; going over `Kind` does not."""
    named = re.compile(r"\bKind\.([A-Z_]+)\b|[\"'](" + "|".join(Kind) + r")[\"']")
    for file in [*(ROOT / "app").rglob("*.py"), *(ROOT / "app").rglob("*.html")]:
        kinds = {(kind or word).lower() for kind, word in named.findall(file.read_text("utf-8"))} & set(Kind)
        assert len(kinds) <= 3 or file == ROOT / "app" / "resources" / "kind.py", f"{file} lists {sorted(kinds)}"


def test_every_router_is_one_whose_routes_keep_their_contract() -> None:
    makers = {
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and "APIRouter" in {alias.name for alias in node.names}
    }
    assert makers == {"http.routing"}


def test_only_the_entries_know_the_whole() -> None:
    knowing = {name for name, others in read_graph().items() if "main" in others}
    commands = {name for name in knowing if name.startswith("cli.")}
    assert knowing - commands <= {"server.application", "server.preloaded", "http.openapi", "mirror.exporting"}


def test_the_rules_of_opening_hours_know_neither_database_nor_http_nor_clock() -> None:
    for name in ("opening_hours.rules", "opening_hours.expressions", "opening_hours.holidays", "opening_hours.lint"):
        source = (ROOT / "app" / f"{name.replace('.', '/')}.py").read_text("utf-8")
        assert not {"sqlmodel", "sqlalchemy", "fastapi", "starlette"} & set(source.replace(".", " ").split())
        assert ".now(" not in source
        assert "time.time(" not in source


def test_only_what_begins_a_request_asks_what_time_it_is() -> None:
    """A filter and the list it belongs to see one moment: it is read once and passed down."""
    clock = re.compile(
        r"\bthis_(?:minute|day)\(|\.(?:now|today|utcnow)\(|\btime\.(?:time|time_ns|localtime|gmtime)\("
        r"|from time import[^\n]*\b(?:time|time_ns|localtime|gmtime)\b"
    )
    asking = {file.relative_to(ROOT / "app").as_posix() for file in (ROOT / "app").rglob("*.py")
              if file.parent != ROOT / "app" / "cli"  # a command has no request
              and clock.search(file.read_text("utf-8"))}  # fmt: skip
    assert asking == {
        "opening_hours/live.py",  # where the functions are
        "resources/listing.py",  # the dependency of every route
        "embed/pages/asking.py",  # the dependency of every page
        "embed/pages/reporting.py",  # when a form is opened, and sent
        "embed/discovery.py",  # when the process began
        "access/callers.py",  # the dependency of every route that needs a key
        "reports/routes.py",  # when a report came
        "embed/pages/confirmation.py",  # when a record was confirmed
        "console/visitors.py",  # the dependency of every page of the console
        "http/caching.py", "http/representing.py", "http/sending.py",  # how long an answer may be kept
    }  # fmt: skip


def test_only_what_answers_requests_knows_of_them() -> None:
    """What is shown is made from a view (`app/http/views.py`), so that files, mails and tests can have it as well."""
    names = {"Request", "Asking", "AskingDep"}
    wrong = {
        name
        for name, tree in modules()
        if not ANSWERING.fullmatch(name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and names & {alias.name for alias in node.names}
    }
    assert not wrong, f"these know of requests: {sorted(wrong)}"
    sources = {
        file.relative_to(ROOT / "app").as_posix(): file.read_text("utf-8") for file in (ROOT / "app").rglob("*.py")
    }
    untyped = {name for name, text in sources.items() if re.search(r"request\.state\b", text)}
    assert untyped == {"database.py", "console/visitors.py", "console/rendering.py"}, "all else is in its context"


def test_functions_and_files_stay_short() -> None:
    lengths = {
        f"{name}.{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert quantiles(lengths.values(), n=10)[-1] <= 25
    assert {name for name, length in lengths.items() if length > 40} == set()
    files = {file.relative_to(ROOT / "app").as_posix(): len(file.read_text("utf-8").splitlines())
             for file in (ROOT / "app").rglob("*.py")}  # fmt: skip
    long = {name for name, length in files.items() if length > 265}
    assert long == {
        "records/shapes.py", "standards/hsds/shapes.py",  # lists of fields
    }  # fmt: skip


def test_no_file_is_named_for_nothing() -> None:
    names = {part for name in read_graph() for part in name.split(".")}
    assert not names & {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}


def test_the_annotations_of_tables_and_routes_are_not_put_off() -> None:
    """It breaks SQLModel's relationships; routes keep to the same style."""
    for file in (ROOT / "app").rglob("*.py"):
        if file.name in ("models.py", "routes.py"):
            assert "from __future__ import annotations" not in file.read_text("utf-8"), file


def test_the_page_on_the_architecture_names_what_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    for name, file in re.findall(r"\[`(\w+)`\]\(\.\./(app/[\w/]+\.py)\)", page):
        module = (ROOT / file).read_text("utf-8")
        is_there = re.search(rf"^(?:class|def|async def) {name}\b", module, re.MULTILINE) or Path(file).stem == name
        assert is_there, f"{name} is not in {file}"
    for path in re.findall(r"`(app/[\w/.]+)`", page):
        assert (ROOT / path).exists(), path
    rooms = {name: label.split(", ") for name, label in re.findall(r'(\w+)\["([^":]+)', page)}
    folders = {file.name for file in (ROOT / "app").iterdir() if file.is_dir() and file.name != "__pycache__"}
    assert folders - {room for names in rooms.values() for room in names} == set()
    imports = {(name.split(".")[0], other.split(".")[0]) for name, others in read_graph().items() for other in others}
    for chain in re.findall(r"^ {4}(\w.*-->.*)$", page, re.MULTILINE):
        for above, below in pairwise(part.split("[")[0].strip() for part in chain.split("-->")):
            assert imports & {(one, other) for one in rooms[above] for other in rooms[below]}, f"{above} --> {below}"
