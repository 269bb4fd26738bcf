"""Describes runs and tasks in words for the terminal, and as JSON."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from app.verifying.models import SourceState
from app.verifying.running import Result, Run


def tell_result(result: Result) -> str:
    """One line about a source: `changed      pegasus: 1 of 3 fragments missing: “…”`."""
    source, outcome = result
    parts = [outcome.detail] if outcome.detail else []
    if outcome.missing and outcome.state != SourceState.GONE:
        quoted = ", ".join(f"“{fragment}”" for fragment in outcome.missing[:3])
        more = ", …" if len(outcome.missing) > 3 else ""
        parts.append(f"{len(outcome.missing)} of {len(source.fragments)} fragments missing: {quoted}{more}")
    return f"{outcome.state.value:12} {source.slug}" + (f": {'; '.join(parts)}" if parts else "")


def tell_run(run: Run, open_count: int) -> str:
    """The summary of a run."""
    counts = Counter(outcome.state for _, outcome in run.results)
    states = ", ".join(f"{counts[state]} {state.value}" for state in SourceState)
    lines = [f"{len(run.results)} sources: {states}"]
    if run.is_distrusted:
        lines.append("Most sources failed at once: what was not seen in this run was not counted.")
    lines.append(f"Tasks: {run.opened} opened, {run.closed} closed, {open_count} open; `stodkatalog tasks` lists them")
    return "\n".join(lines)


def run_as_json(run: Run, open_count: int) -> dict[str, Any]:
    """The run as `verify --json` prints it."""
    return {
        "checked_at": run.checked_at.isoformat(),
        "distrusted": run.is_distrusted,
        "sources": [
            {
                "id": source.slug,
                "url": source.address,
                "state": outcome.state.value,
                "detail": outcome.detail,
                "final_url": outcome.address,
                "fragments": len(source.fragments),
                "missing": None if outcome.missing is None else list(outcome.missing),
            }
            for source, outcome in run.results
        ],
        "tasks": {"opened": run.opened, "closed": run.closed, "open": open_count},
    }


def tell_tasks(tasks: Sequence[Mapping[str, Any]]) -> str:
    """The open tasks, three lines for each."""
    if not tasks:
        return "No task is open."
    return "\n".join(
        f"{task['kind']:17} {task['record'] or '–'}, since {task['since'][:10]}\n"
        f"  why: {_on_one_line(task['why'])}\n  do:  {_on_one_line(task['what_to_do'])}"
        for task in tasks
    )


def _on_one_line(words: str) -> str:
    """The text with spaces for new lines, which could make it look like another task."""
    return " ".join(words.split())
