"""A call to the API as lines to paste: for curl, Python and JavaScript."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """A request: with a key, with a body, or neither. The address has no quotation mark in it."""

    method: str
    address: str
    keyed: bool = False
    has_body: bool = False


def write_snippets(call: Call) -> dict[str, str]:
    """The lines by language. A body is read from `body.json`, a key from a variable of the environment."""
    return {"curl": _write_curl(call), "Python": _write_python(call), "JavaScript": _write_javascript(call)}


def _write_curl(call: Call) -> str:
    method = f"--request {call.method} " if call.method not in ("GET", "POST") else ""
    lines = [f"curl {method}'{call.address}'"]
    if call.keyed:
        lines.append('--header "Authorization: Bearer $STODKATALOG_KEY"')
    if call.has_body:
        lines.append("--header 'Content-Type: application/json' --data @body.json")
    return " \\\n  ".join(lines)


def _write_python(call: Call) -> str:
    modules, options = ["import httpx"], ""
    if call.has_body:
        modules.append("import json")
        options += ', json=json.load(open("body.json"))'
    if call.keyed:
        modules.append("import os")
        options += ', headers={"Authorization": "Bearer " + os.environ["STODKATALOG_KEY"]}'
    return "\n".join(
        [
            *modules,
            "",
            f'answer = httpx.{call.method.lower()}("{call.address}"{options})',
            "answer.raise_for_status()",
            f"print(answer.{'text' if call.method == 'DELETE' else 'json()'})",
        ]
    )


def _write_javascript(call: Call) -> str:
    headers = []
    if call.keyed:
        headers.append("Authorization: `Bearer ${key}`")
    if call.has_body:
        headers.append('"Content-Type": "application/json"')
    options = [] if call.method == "GET" else [f'method: "{call.method}"']
    options += [f"headers: {{ {', '.join(headers)} }}"] if headers else []
    options += ["body: JSON.stringify(body)"] if call.has_body else []
    written = f", {{ {', '.join(options)} }}" if options else ""
    return "\n".join(
        [
            f'const answer = await fetch("{call.address}"{written});',
            "if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);",
            f"console.log(await answer.{'text' if call.method == 'DELETE' else 'json'}());",
        ]
    )
