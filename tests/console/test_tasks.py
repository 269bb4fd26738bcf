"""What there is to do: by urgency, with what is needed to do it, and done from there."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import product
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import Session, col, select

from app.access.keys import KeyRequest, add_key
from app.access.models import KeyRole
from app.console.sessions import make_login_link
from app.console.tasks import GROUP_OF, GROUPS
from app.records.models import CurrentRecord
from app.verifying.models import Task, TaskKind, Verification
from tests.console.conftest import RECORD, Newsroom, Person
from tests.console.test_records import edit, publish
from tests.serving import PLAIN

NUMBER = "contact_points.telefon.value"


def send_report(newsroom: Newsroom, **body: str | None) -> None:
    opened = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    sent = httpx.post(f"{newsroom.address}/v1/reports", json=body | {"opened_at": opened}, verify=PLAIN)
    assert sent.status_code == 202, sent.text


def report(newsroom: Newsroom, text: str, field: str = NUMBER, answer_to: str | None = None) -> str:
    """Report something, and the path of its task."""
    send_report(newsroom, record=RECORD, field=field, text=text, answer_to=answer_to)
    with Session(newsroom.engine) as session:
        task = session.exec(select(Task).where(col(Task.closed_at).is_(None), Task.kind == TaskKind.REPORT)).all()
        return f"/arenden/{next(one.id for one in task if one.subject.endswith(f' {field}'))}"


def raise_task(newsroom: Newsroom, kind: TaskKind, details: str) -> str:
    """A task as `verify` raises it, and its path."""
    with Session(newsroom.engine) as session:
        record = session.exec(select(CurrentRecord.id).where(CurrentRecord.slug == "mottagningen")).one()
        task = Task(
            id=uuid4(), subject=f"test {uuid4()}", kind=kind, record=record, details=details,
            since=datetime.now(UTC), closed_at=None, closing_reason=None,
        )  # fmt: skip
        session.add(task)
        session.commit()
        return f"/arenden/{task.id}"


def revision_of(newsroom: Newsroom, record: str = RECORD) -> str:
    """What a form to confirm a record holds while nobody changes it."""
    return str(newsroom.get(f"/v1/records/{record}")["number"])


def test_what_is_most_urgent_comes_first(newsroom: Newsroom, editor: Person) -> None:
    raise_task(newsroom, TaskKind.REVIEW_OVERDUE, '{"review_due": "2026-11-01"}')
    raise_task(newsroom, TaskKind.SOURCE_GONE, '{"fragments": []}')
    report(newsroom, "Numret går inte fram.")
    titles = re.findall(r"<h2[^>]*>([^<]+) \(\d+\)</h2>", editor.get("/").text)
    assert titles == [
        "Rapporter: någon säger att något är fel", "Belägg som saknas", "Dags att kontrollera igen",
    ]  # fmt: skip


def test_every_kind_of_task_says_what_to_do(newsroom: Newsroom, editor: Person) -> None:
    details = (
        '{"count": 1, "field": null, "fragments": [], "failing": 3, "checked": 4, "review_due": "2026-11-01",'
        ' "first": "2026-12-24", "last": "2026-12-26", "lines": ["linjen"], "acts": ["Stängt."],'
        ' "fields": ["resource.status"], "owner": "Kommunen", "why": "500"}'
    )
    assert set(GROUP_OF) == set(TaskKind)
    for kind in TaskKind:
        path = raise_task(newsroom, kind, details)
        (lead,) = re.findall(r'<p class="lead">(.*?)</p>', editor.get(path).text)
        assert lead, kind
        group = editor.get("/").text.partition(path)[0].rpartition("<h2")[2]
        assert dict(GROUPS)[GROUP_OF[kind]] in group, kind
        with Session(newsroom.engine) as session:
            session.delete(session.get(Task, UUID(path.rpartition("/")[2])))
            session.commit()


def test_a_report_shows_its_words_and_where_its_sender_wants_the_answer_and_nobody_else_sees_it(
    newsroom: Newsroom, editor: Person
) -> None:
    hostile = '<img src=x onerror=alert(1)> "Numret är fel"'
    path = report(newsroom, hostile, answer_to="anna@example.se")
    page = editor.get(path).text
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "<img" not in page
    assert 'href="mailto:anna@example.se?subject=' in page
    assert "031-367 60 00" in page
    assert "läst 1 november 2026" in page
    with newsroom.visit() as anybody:
        assert "anna@example.se" not in anybody.get(path).text


def test_a_report_ends_when_somebody_has_called_and_it_was_right(newsroom: Newsroom, editor: Person) -> None:
    path = report(newsroom, "Öppettiderna är fel.", "contact_points.telefon.opening_hours")
    sent = {"record": RECORD, "revision": revision_of(newsroom), "omfattning": "hours"}
    unclear = editor.submit(f"{path}/stammer", **sent)
    assert (unclear.status_code, "Välj vad du har kontrollerat och hur" in unclear.text) == (422, True)
    assert (
        editor.submit(f"{path}/stammer", **sent, hur="phone").headers["location"] == f"/redaktion{path}?klart=avslutad"
    )
    ended = editor.get(path).text
    assert "Uppgiften är kontrollerad och stämmer." in ended
    assert "Avsluta rapporten" not in ended
    assert editor.submit(f"{path}/avsluta", slut="changed").status_code == 409


def test_a_report_of_a_whole_contact_point_shows_its_sources_and_leads_to_its_forms(
    newsroom: Newsroom, editor: Person
) -> None:
    page = editor.get(report(newsroom, "Allt är fel.", "contact_points.telefon")).text
    for field in (NUMBER, "contact_points.telefon.opening_hours"):
        assert f'href="/redaktion/poster/{RECORD}/andra?falt={field}">Ändra' in page
    assert "En sida" in page.partition("Källorna säger")[2]


@pytest.mark.parametrize(
    ("ending", "reason"), [("changed", "Uppgiften är rättad. Ny sida."), ("not_ours", "utanför katalogen. Ny sida.")]
)
def test_a_report_ends_as_changed_or_as_not_ours(newsroom: Newsroom, editor: Person, ending: str, reason: str) -> None:
    path = report(newsroom, f"Beskrivningen är fel: {ending}.", "summary")
    assert editor.submit(f"{path}/avsluta", slut="", anteckning="x").status_code == 422
    if ending == "changed":
        early = editor.submit(f"{path}/avsluta", slut=ending, anteckning="Ny sida.")
        assert (early.status_code, "Posten har inte ändrats sedan rapporten kom." in early.text) == (422, True)
        assert 'value="changed" required checked>' in early.text
        assert 'value="Ny sida.">' in early.text
        review = edit(editor, RECORD, "summary", **{"varde.sv": "Stöd igen.", "varde.en": "Support again."})
        assert publish(editor, RECORD, review).status_code == 303
    assert path not in editor.get("/rapporter").text
    assert editor.submit(f"{path}/avsluta", slut=ending, anteckning="Ny sida.").status_code == 303
    assert reason in editor.get(path).text
    newest = editor.get("/rapporter").text.partition('<ul class="lines">')[2].partition("</li>")[0]
    assert all(words in newest for words in (path, "Mottagningen", "Sammanfattning", reason, "Redaktionen"))


def test_missing_evidence_shows_the_fields_that_it_is_cited_for_with_the_way_to_change_them(
    newsroom: Newsroom, editor: Person
) -> None:
    fragments = f'[{{"evidence": "031-367 60 00", "cited_for": ["{RECORD} {NUMBER}", "hotlines/borta name"]}}]'
    path = raise_task(newsroom, TaskKind.MISSING_CONTACT, f'{{"source": "x", "fragments": {fragments}}}')
    page = editor.get(path).text
    assert f"/redaktion/poster/{RECORD}/andra?falt={NUMBER}" in page
    assert "Det stämmer fortfarande" in page
    assert "Avsluta rapporten" not in page
    sent = {
        "record": RECORD, "revision": revision_of(newsroom), "omfattning": "contact", "hur": "read", "kalla": "sida",
    }  # fmt: skip
    assert editor.submit(f"{path}/stammer", **sent).status_code == 303
    assert newsroom.get("/v1/resources/mottagningen")["verified_at"] is not None


def test_a_report_is_closed_by_confirming_its_own_record_only_and_both_or_neither_happen(
    newsroom: Newsroom, editor: Person
) -> None:
    path = report(newsroom, "Målgruppen är fel.", "audiences")
    sent = {"omfattning": "content", "hur": "phone"}
    line = {"record": "hotlines/linjen", "revision": revision_of(newsroom, "hotlines/linjen")}
    refused = editor.submit(f"{path}/stammer", **sent, **line)
    assert (refused.status_code, "gäller inte den posten" in refused.text) == (422, True)
    assert newsroom.get("/v1/resources/linjen")["verified_at"] is None
    own = {"record": RECORD, "revision": revision_of(newsroom)}
    with Session(newsroom.engine) as session:
        before = len(session.exec(select(Verification)).all())
        assert editor.submit(f"{path}/avsluta", slut="right").status_code == 303
        assert editor.submit(f"{path}/stammer", **sent, **own).status_code == 409
    with Session(newsroom.engine) as session:
        assert len(session.exec(select(Verification)).all()) == before


def test_what_was_changed_since_it_was_seen_is_not_confirmed_but_shown(newsroom: Newsroom, editor: Person) -> None:
    path = report(newsroom, "Numret är fel igen.", "contact_points.telefon.label")
    sent = {"omfattning": "contact", "hur": "phone", "record": RECORD, "revision": revision_of(newsroom)}
    review = edit(editor, RECORD, NUMBER, **{"varde": "031-367 64 00", "belagg.0": "031-367 64 00"})
    assert publish(editor, RECORD, review).status_code == 303
    stands = f'name="revision" value="{revision_of(newsroom)}"'
    for address, revision in product((f"{path}/stammer", f"/poster/{RECORD}/bekrafta"), (sent["revision"], "", "x")):
        late = editor.submit(address, **{**sent, "revision": revision})
        assert (late.status_code, "ändrats sedan du öppnade sidan" in late.text, stands in late.text) == (
            409,
            True,
            True,
        )
        assert "Telefon" in late.text
    sent["revision"] = revision_of(newsroom)
    assert editor.submit(f"/poster/{RECORD}/bekrafta", **{**sent, "kalla": 201 * "x", "hur": "read"}).status_code == 422
    assert editor.submit(f"/poster/{RECORD}/bekrafta", **sent).status_code == 303


def test_who_has_a_scope_sees_the_tasks_within_it_and_no_others(newsroom: Newsroom) -> None:
    path = report(newsroom, "Hemlig mening.", "organizations", answer_to="berit@example.se")
    send_report(newsroom, text="En linje saknas.")
    with Session(newsroom.engine) as session:
        of_nothing = session.exec(select(Task.id).where(col(Task.record).is_(None), Task.kind == TaskKind.REPORT)).one()
    now = datetime.now(UTC)
    for scope, is_within in (("records=hotlines/linjen", False), (f"records={RECORD}", True)):
        token, key = add_key(newsroom.engine, KeyRequest("Halva", KeyRole.EDITOR, scope), now)
        with newsroom.visit() as person:
            person.post("/logga-in", data={"kod": make_login_link(newsroom.engine, key, now)})
            page, start = person.get(path), person.get("/").text
        assert [words in page.text for words in ("Hemlig mening.", "berit@example.se")] == 2 * [is_within]
        assert (page.status_code, path in start) == (200 if is_within else 404, is_within)
        with httpx.Client(base_url=newsroom.address, headers={"Authorization": f"Bearer {token}"}, verify=PLAIN) as api:
            task = api.get(path.replace("/arenden/", "/v1/tasks/"))
            assert (task.status_code, "Hemlig mening." in task.text) == (200 if is_within else 404, is_within)
            assert api.get(f"/v1/tasks/{of_nothing}").status_code == 404


def test_what_does_not_show_and_what_is_too_long_is_refused_in_every_form(newsroom: Newsroom, editor: Person) -> None:
    path = report(newsroom, "Fel ålder.", "min_age")
    for note, words in (
        *((f"Ny{hidden}sida", "tecken som inte syns") for hidden in ("\x00", "\x1b[1m", "\u202e", "\u2066", "\r")),
        (401 * "x", "högst 400 tecken. Texten har 401."),
        (5001 * "x", "har 5001 tecken. Skriv högst 5000."),
    ):
        refused = editor.submit(f"{path}/avsluta", slut="changed", anteckning=note)
        assert (refused.status_code, words in refused.text) == (422, True), note
    assert "Avsluta rapporten" in editor.get(path).text


def test_a_source_confirms_only_what_it_is_cited_for_in_words_that_hold_it(newsroom: Newsroom, editor: Person) -> None:
    stands = {"varde": "031-367 65 00", "belagg.0": "Telefon: vardagar 9-16"}
    assert publish(editor, RECORD, edit(editor, RECORD, NUMBER, **stands)).status_code == 303
    path = report(newsroom, "Numret går inte fram.", "contact_points.telefon")
    sent = {"record": RECORD, "revision": revision_of(newsroom), "omfattning": "contact", "hur": "read"}
    wordless = editor.submit(f"{path}/stammer", **sent, kalla="sida")
    assert wordless.status_code == 422
    assert "innehåller inte det som vi skriver i Telefon: nummer eller adress" in wordless.text
    other = {"title": "Listan", "publisher": "Några", "url": "https://lista.example/", "retrieved": "2026-11-28"}
    source = editor.submit("/kallor/ny", **other).headers["location"].rpartition("/")[2].partition("?")[0]
    uncited = editor.submit(f"/poster/{RECORD}/bekrafta", **sent, kalla=source)
    assert "Källan är inte angiven för Telefon: nummer eller adress." in uncited.text
    offered = re.findall(r'<select name="kalla".*?</select>', editor.get(path).text, re.DOTALL)
    assert [f'value="{source}"' in one for one in offered] == [False]
    stands = {"varde": "031-367 65 00", "belagg.0": "ring 031-367 65 00"}
    assert publish(editor, RECORD, edit(editor, RECORD, NUMBER, **stands)).status_code == 303
    sent["revision"] = revision_of(newsroom)
    assert editor.submit(f"{path}/stammer", **sent, kalla="sida").status_code == 303
    ended = editor.get(path).text
    assert ("Uppgiften står så i källan." in ended, "kontrollerad och stämmer" in ended) == (True, False)


def test_a_report_and_a_proposal_that_waits_are_told_before_anybody_confirms(
    newsroom: Newsroom, editor: Person
) -> None:
    line = "hotlines/linjen"
    with newsroom.sign_in("Vikarien") as other:
        review = edit(other, line, NUMBER, **{"varde": "020-39 00 07", "belagg.0": "020-39 00 07"})
        sent = publish(other, line, review).headers["location"]
        proposal = sent.removeprefix("/redaktion").partition("?")[0]
        send_report(newsroom, record=line, field=NUMBER, text="Numret går inte fram.")
        page = editor.get(f"/poster/{line}").text
        told = page.partition("Läs det här innan du bekräftar.")[2].partition("</div>")[0]
        assert "Någon har rapporterat att ”Telefon: nummer eller adress” är fel." in unescape(told)
        assert f'href="/redaktion{proposal}"' in told
        (path,) = re.findall(r'href="/redaktion(/arenden/[^"]+)"', told)
        task = editor.get(path).text
        assert "<bdi>020-39 00 07</bdi>" in task.partition("Vi skriver")[2].partition("Stämmer det")[0]
        assert "Läs det här innan du bekräftar." in task
        assert editor.submit(f"{path}/avsluta", slut="not_ours").status_code == 303
        assert other.submit(proposal, beslut="withdraw", skal="Fel nummer.").status_code == 303
    assert "Läs det här innan du bekräftar." not in editor.get(f"/poster/{line}").text
