"""Tasks in words, as the terminal lists them."""

from app.verifying.telling import tell_tasks


def test_somebodys_new_lines_make_no_second_task() -> None:
    task = {"kind": "report", "record": "hotlines/linjen", "since": "2026-11-28T10:00:00Z"}
    why = "Fel.\nmissing_contact   hotlines/annan, since 2026-11-28\n  why: Stängt."
    told = tell_tasks([{**task, "why": why, "what_to_do": "Ring."}])
    assert len(told.splitlines()) == 3
    assert "Fel. missing_contact hotlines/annan" in told
