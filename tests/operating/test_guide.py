"""docs/operating.md is true: its commands exist, and it explains what the log says."""

import ast
import re
from collections.abc import Iterator

import pytest

from app.cli import main
from app.settings import ROOT

GUIDE = (ROOT / "docs" / "operating.md").read_text("utf-8")
COMMANDS = re.findall(r"^stodkatalog (.+)$", GUIDE, re.MULTILINE)


def find_messages() -> Iterator[str]:
    """The unchanging beginning of each error and warning that the service logs."""
    for file in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("error", "warning", "exception")
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "log"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                yield re.split(r"[%:,]| on | in ", str(node.args[0].value))[0].strip()


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_of_the_guide_exists(command: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--help"])
    assert ended.value.code == 0


def test_the_guide_explains_whatever_the_service_logs_as_an_error_or_a_warning() -> None:
    messages = set(find_messages())
    assert len(messages) > 3
    assert {message for message in messages if message not in GUIDE} == set()


def test_each_link_of_the_guide_leads_to_a_file() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", GUIDE):
        assert (ROOT / "docs" / target).exists(), target
