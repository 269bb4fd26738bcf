"""A TypeScript client as somebody generates it from the OpenAPI document: strict, with clean names, over real HTTP."""

import json
import re
import shutil
from pathlib import Path

import pytest

from app.settings import ROOT
from tests import npm
from tests.serving import Served

DOCUMENT = ROOT / "docs" / "openapi.json"
PROGRAM = Path(__file__).with_name("walk.ts")
STRICT = {
    "compilerOptions": {
        "strict": True, "noUncheckedIndexedAccess": True, "target": "es2022", "module": "commonjs",
        "moduleResolution": "bundler", "lib": ["es2022", "dom", "dom.iterable"], "types": [], "outDir": "out",
    },
    "include": ["client", "walk.ts"],
}  # fmt: skip
KINDS = ("Hotline", "Coordinator", "SupportService", "Course", "Program", "Publication", "Event", "Organization")


@pytest.mark.parametrize(("database_url", "served"), [("sqlite", "fast")], indirect=True)
def test_a_strict_typescript_client_has_clean_names_and_turns_the_pages_of_all_lists(
    served: Served, tmp_path: Path
) -> None:
    made = npm.run("openapi-ts", "--input", DOCUMENT, "--output", tmp_path / "client", "--no-log-file")
    assert made.returncode == 0, made.stdout + made.stderr
    types = set(re.findall(r"^export type (\w+)", (tmp_path / "client" / "types.gen.ts").read_text("utf-8"), re.M))
    assert types >= {*KINDS, *(f"{kind}Page" for kind in KINDS), "PageLinks", "Problem"}
    assert [name for name in types if re.search(r"Shown|Page[A-Z]\w*Page|_", name)] == []
    shutil.copy(PROGRAM, tmp_path)
    (tmp_path / "tsconfig.json").write_text(json.dumps(STRICT))
    compiled = npm.run("tsc", "--project", tmp_path)
    assert compiled.returncode == 0, compiled.stdout
    ran = npm.run("node", tmp_path / "out" / "walk.js", f"{served.address}/v1")
    assert ran.returncode == 0, ran.stderr
    answer = json.loads(ran.stdout)
    assert answer["number"] == "112"
    for path, count in answer["counts"].items():
        assert count == served.client.get(f"/v1{path}").json()["_meta"]["total"], path
    assert set(answer["counts"]) == open_lists()


def open_lists() -> set[str]:
    """The lists of the document that anybody may read and that no record is in the address of."""
    document = json.loads(DOCUMENT.read_text("utf-8"))
    return {
        path
        for path, item in document["paths"].items()
        if "{" not in path and "get" in item and "security" not in item["get"]
        and "offset" in {one["name"] for one in item["get"]["parameters"]}
    }  # fmt: skip
