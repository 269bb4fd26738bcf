"""`check` refuses what an editor must not publish, and says where it stands: file, record, field."""

import os
from pathlib import Path

import pytest

from app.seeding.checking import BrokenSeed, read_seed
from app.settings import ROOT
from tests.seeding.small import add_exceptions, edit

DOCUMENTS = os.environ.get("STODKATALOG_DOCUMENTS")
AREA = "1380,Halmstad,Halmstad,13,,Getinge,sida,,020-390 000\n"

FAULTS = [
    # file, what to replace, with what, and what the message says
    ("hotlines.toml", '"name", "summary", ', '"name", ', "hotlines.toml: linjen: no citation for: summary"),
    (
        "hotlines.toml",
        ', "contact_points.telefon.value"',
        "",
        "hotlines.toml: linjen: no citation for: contact_points.telefon.value",
    ),
    (
        "hotlines.toml",
        '"name", "summary", ',
        '"name", "summary", "topics", ',
        "hotlines.toml: linjen: citation for a field that is not published: topics",
    ),
    (
        "hotlines.toml",
        'name = {sv = "Linjen"',
        'name = {sv = "Lin\\njen"',
        "hotlines.toml: linjen: name: is a single line",
    ),
    ("hotlines.toml", 'source = "sida"', 'source = "sidan"', "hotlines.toml: linjen: citations: 'sidan' is not in"),
    (
        "areas/counties.csv",
        ",sida,",
        ",sidan,",
        "areas/counties.csv: 13: source: 'sidan' is not in sources.toml",
    ),
    ("hotlines.toml", 'audiences = ["alla"]', 'audiences = ["allla"]', "linjen: audiences: 'allla' is no audience"),
    ("hotlines.toml", 'id = "myndigheten"', 'id = "verket"', "linjen: organizations: 'verket' is no organization"),
    ("hotlines.toml", 'areas = ["SE"]', 'areas = ["1381"]', "hotlines.toml: linjen: areas: '1381' is no area"),
    ("hotlines.toml", 'id = "linjen"', 'id = "Linjen!"', "hotlines.toml: Linjen!: id: String should match pattern"),
    ("escalation.toml", '"linjen"', '"telefonen"', "escalation.toml: radgor: resource: 'telefonen' is no resource"),
    ("hotlines.toml", 'status = "current"', 'status = "ended"', "radgor: resource: 'linjen' is no resource in force"),
    ("coordinators.toml", '"linjen"', '"telefonen"', "koordinator-vast: reached_through: 'telefonen' is no resource"),
    (
        "coordinators.toml",
        'coordination_region = "ost"',
        'coordination_region = "sydvast"',
        "coordinators.toml: koordinator-ost: coordination_region: 'sydvast' is none",
    ),
    (
        "coordinators.toml",
        'coordination_region = "ost"',
        'coordination_region = "vast"',
        "coordinators.toml: vast: coordination_region: has 2 records",
    ),
    ("coordinators.toml", 'id = "koordinator-ost"', 'id = "linjen"', "resources of all kinds: linjen: id: is used 2"),
    ("audiences.toml", 'id = "unga"', 'id = "alla"', "audiences.toml: alla: id: is used 2 times"),
    ("audiences.toml", 'parent = "alla"', 'parent = "nagra"', "audiences.toml: unga: parent: 'nagra' is no term"),
    ("areas/municipalities.csv", AREA, AREA + AREA, "areas/: 1380: id: is used 2 times"),
    ("areas/municipalities.csv", ",13,", ",12,", "areas/municipalities.csv: 1380: parent: '12' is no area"),
    ("hotlines.toml", "+4620390000", "020390000", "linjen: contact_points.telefon.value: '020390000' is neither"),
    ("hotlines.toml", "+4620390000", "+46203900001234", "telefon.value: '+46203900001234' is neither"),
    ("hotlines.toml", "+4620390000", "113", "telefon.value: '113' is neither"),
    ("hotlines.toml", "+4620390000", "+46 20 390 000", "telefon.value: '+46 20 390 000' is neither"),
    ("hotlines.toml", "Mo-Fr 09:00-16:00", "Mo-Fr 9-16", "hotlines.toml: linjen: contact_points.telefon.opening_hours"),
    (
        "hotlines.toml",
        "Mo-Fr 09:00-16:00",
        "Mo-Fr 22:00-02:00",
        "linjen: contact_points.telefon.opening_hours: at 6: 22:00-02:00 runs past midnight",
    ),
    (
        "hotlines.toml",
        '"Mo-Fr 09:00-16:00; PH off; Jun 19-25 Fr off; Dec 24 off; Dec 31 off"',
        """'Mo-Fr 09:00-16:00 unknown "ring först"'""",
        'linjen: contact_points.telefon.opening_hours: "ring först" has no English text',
    ),
    ("hotlines.toml", "; Dec 24 off", "", "linjen: contact_points.telefon.opening_hours: at"),
    ("hotlines.toml", 'hours_basis = "stated"\n', "", "opening_hours and hours_basis (stated or inferred) go together"),
    ("hotlines.toml", 'hours_basis = "stated"', 'hours_basis = "inferred"', "hours_reason is for inferred hours"),
    ("hotlines.toml", 'hours_stated = "vardagar 9–16"\n', "", "opening_hours needs hours_stated"),
    (
        "hotlines.toml",
        'evidence = "020-390 000"',
        f'evidence = "{"ett helt stycke som är kopierat ur källan " * 2}"',
        "hotlines.toml: linjen: citations.0.evidence: String should have at most 60",
    ),
    ("hotlines.toml", 'status = "current"', 'status = "current"\nphone = "112"', "linjen: phone: Extra inputs"),
    (
        "hotlines.toml",
        'channel = "phone"',
        'channel = "phone"\nhours = "24/7"',
        "linjen: contact_points.0.hours: Extra",
    ),
    ("hotlines.toml", 'en = "The line"', 'en = ""', "hotlines.toml: linjen: name.en: String should have at least 1"),
    ("hotlines.toml", ', en = "The line"', "", "hotlines.toml: linjen: name.en: Field required"),
    ("hotlines.toml", "[[hotline]]", "[[hotlines]]", "hotlines.toml: hotlines: only [[hotline]] belongs here"),
    ("hotlines.toml", "[[hotline]]", "[[hotline]", "hotlines.toml: cannot be read:"),
    ("areas/counties.csv", "name_sv,", "namn,", "areas/counties.csv: 13: name_sv: Field required"),
    ("areas/counties.csv", ",020-390 000", ",020-390 000,och mer", "areas/counties.csv: 13:"),
    ("sources.toml", "https://myndighet.example/sida", "myndighet.example", "sources.toml: sida: url: String should"),
    ("sources.toml", 'file = "sida.txt"', 'file = "../hemligt"', "sources.toml: sida: file: String should"),
    ("hotlines.toml", "En linje.", "En\\u0000 linje.", "hotlines.toml: linjen: has invisible characters: U+0000"),
    ("hotlines.toml", '"Linjen"', '"Lin\\u202Ejen"', "hotlines.toml: linjen: has invisible characters: U+202E"),
    ("areas/counties.csv", "Hallands län", "Hallands\u200b län", "13: has invisible characters: U+200B"),
    (
        "areas/counties.csv",
        "locator,evidence\n13,Hallands län,Halland County,vast,SE-N,,sida,,020-390 000",
        "locator,evidence,basis\n13,Hallands län,Halland County,vast,SE-N,,sida,,020-390 000,inferred",
        "needs both",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "message"), FAULTS, ids=[fault[3] for fault in FAULTS])
def test_a_fault_is_refused_and_named_with_its_file_record_and_field(
    folder: Path, name: str, old: str, new: str, message: str
) -> None:
    edit(folder, name, old, new)
    with pytest.raises(BrokenSeed) as refused:
        read_seed(folder)
    assert message in str(refused.value)


def test_every_fault_is_told_at_once(folder: Path) -> None:
    edit(folder, "hotlines.toml", 'audiences = ["alla"]', 'audiences = ["allla"]')
    edit(folder, "hotlines.toml", "+4620390000", "0")
    with pytest.raises(BrokenSeed) as refused:
        read_seed(folder)
    assert len(refused.value.faults) == 2


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"[[hotline]]\nid = 1", b"hotline = 5", b"hotline = [5]", b"x = " + b"[" * 9999]
)
def test_a_file_of_the_wrong_shape_is_a_fault_and_no_crash(folder: Path, content: bytes) -> None:
    (folder / "hotlines.toml").write_bytes(content)
    with pytest.raises(BrokenSeed, match=r"^hotlines\.toml"):
        read_seed(folder)


@pytest.mark.parametrize(
    ("row", "reason"),
    [("Märsta,0180,Sigtuna,1", "0180 is not the code of Sigtuna"), ("Märsta", "is not a table of locality")],
)
def test_a_locality_in_no_municipality_is_a_fault(folder: Path, row: str, reason: str) -> None:
    text = f"locality,municipality_code,municipality,geonames_id\n{row}\n"
    (folder / "areas" / "localities.csv").write_text(text, "utf-8")
    with pytest.raises(BrokenSeed, match=reason):
        read_seed(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "topics.toml").unlink()
    with pytest.raises(BrokenSeed, match=r"topics\.toml: cannot be read: No such file"):
        read_seed(folder)


@pytest.mark.parametrize(
    ("exceptions", "message"),
    [
        ([("2026-12-27", "2026-12-21", "off")], "2026-12-27 is after 2026-12-21"),
        ([("2026-12-21", "2026-12-27", "off"), ("2026-12-27", "2026-12-30", "off")], "falls under two of them"),
        ([("2026-12-21", "2026-12-27", "nine to five")], "contact_points.telefon.exceptions: "),
        *(
            (
                [("2026-12-21", "2026-12-27", hours)],
                "exceptions: '" + hours + "' is not one rule of hours: off, unknown",
            )
            for hours in (
                "off; Mo-Su off",
                "off || Mo-Su off",
                "10:00-12:00, Mo-Su off",
                "10:00-12:00 off, Mo-Su 00:00-24:00",
                "Mo 10:00-12:00",
                "PH off",
                "Dec off",
            )
        ),
    ],
)
def test_exceptions_to_hours_must_make_sense(
    folder: Path, exceptions: list[tuple[str, str, str]], message: str
) -> None:
    add_exceptions(folder, *exceptions)
    with pytest.raises(BrokenSeed) as refused:
        read_seed(folder)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("status", "successor", "message"),
    [
        ("outdated", "x", "superseded_by: 'x' is no other resource"),
        ("outdated", "linjen", "superseded_by: 'linjen' is no other resource"),
        ("current", "koordinator-ost", "superseded_by: a resource that is superseded is outdated or ended"),
    ],
)
def test_what_is_superseded_is_outdated_and_names_another_record(
    folder: Path, status: str, successor: str, message: str
) -> None:
    edit(folder, "hotlines.toml", 'status = "current"', f'status = "{status}"\nsuperseded_by = "{successor}"')
    edit(folder, "hotlines.toml", '"name", "summary", ', '"name", "summary", "superseded_by", ')
    with pytest.raises(BrokenSeed) as refused:
        read_seed(folder)
    assert message in str(refused.value)


def test_exceptions_to_hours_need_a_citation(folder: Path) -> None:
    add_exceptions(folder, ("2026-12-21", "2026-12-27", "off"))
    edit(folder, "hotlines.toml", '"contact_points.telefon.exceptions", ', "")
    with pytest.raises(BrokenSeed, match=r"no citation for: contact_points\.telefon\.exceptions"):
        read_seed(folder)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """The documents that the small seed cites, printed with no-break spaces and a long dash."""
    found = tmp_path / "documents"
    found.mkdir()
    (found / "sida.txt").write_text("Överst\nStödtelefon: 020–390\u00a0000, vardagar\n", "utf-8")
    return found


def test_evidence_is_looked_up_with_no_break_spaces_and_dashes_folded(folder: Path, documents: Path) -> None:
    read_seed(folder, documents)


def test_evidence_that_is_not_in_its_document_is_refused(folder: Path, documents: Path) -> None:
    edit(folder, "hotlines.toml", 'evidence = "020-390 000"', 'evidence = "020-390 001"')
    with pytest.raises(BrokenSeed, match=r"linjen: citations: '020-390 001' is not in sida\.txt, rad 2"):
        read_seed(folder, documents)


def test_evidence_on_another_line_than_its_locator_is_refused(folder: Path, documents: Path) -> None:
    edit(folder, "hotlines.toml", 'locator = "rad 2"', 'locator = "rad 1"')
    with pytest.raises(BrokenSeed, match=r"is not in sida\.txt, rad 1"):
        read_seed(folder, documents)


def test_a_document_that_is_not_at_hand_is_named(folder: Path, documents: Path) -> None:
    (documents / "sida.txt").unlink()
    with pytest.raises(BrokenSeed, match=r"sources\.toml: sida: file: sida\.txt cannot be read"):
        read_seed(folder, documents)


def test_the_seed_of_the_directory_has_no_fault() -> None:
    """In CI the cited documents are at hand, and each fragment is looked up in them."""
    seed = read_seed(ROOT / "seed", Path(DOCUMENTS) if DOCUMENTS else None)
    assert {kind: len(rows) for kind, rows in seed.areas.items()} == {
        "country": 1, "coordination_region": 7, "county": 21, "municipality": 290,
    }  # fmt: skip
    assert sum(record.kind == "coordinator" for record in seed.resources) == 7
    assert sum(record.kind == "course" for record in seed.resources) == 9
