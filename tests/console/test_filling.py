"""Forms hold what records say, all of it."""

from collections.abc import Iterator

from app.console.citing import list_cites, read_cites
from app.console.filling import edit_document, fill_inputs
from app.console.parts import find_part
from app.console.records import list_paths, part_of
from app.console.visitors import Form
from app.records.documents import Document, parse_document, to_document
from app.seeding.files import Seed


def documents_of(seed: Seed) -> Iterator[tuple[str, Document]]:
    """Kind and document of the real records that the console has forms for."""
    yield from ((resource.kind.value, to_document(resource)) for resource in seed.resources)
    yield from (("organization", to_document(one)) for one in seed.organizations)
    yield from (("source", to_document(one)) for one in seed.sources)


def send_as_opened(kind: str, document: Document, path: str) -> Document:
    """What becomes of a document when the form of a field is opened and sent as it is."""
    part = find_part(kind, document, part_of(path))
    inputs = fill_inputs(part, document)
    for row, cite in enumerate(list_cites(document, part.path)):
        inputs |= {f"kalla.{row}": cite.source, f"stalle.{row}": cite.locator, f"belagg.{row}": cite.evidence}
    form = Form(list(inputs.items()))
    edited = edit_document(part, document, form, read_cites(form))
    return to_document(parse_document(kind, document["id"], edited))


def test_a_form_that_is_sent_as_it_was_opened_changes_nothing_of_any_real_record(seed: Seed) -> None:
    changed = [
        f"{document['id']} {path}"
        for kind, document in documents_of(seed)
        for path in list_paths(document)
        if send_as_opened(kind, document, path) != document
    ]
    assert changed == []
