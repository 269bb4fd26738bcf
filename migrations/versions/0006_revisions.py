"""Revisions: the documents of records are the truth, and the tables that are read are made from them.

What is read is a copy of the seed files in every store of before: it is emptied here, and made again from the files in
the same transaction (`app.cli`), so that no reader sees it empty. Editions and the change log stay.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

EMPTIED = (
    "openingexception", "contactpointlanguage", "contactpoint", "resourcetext", "resourceorganization", "resourcearea",
    "resourceterm", "resourcesuccessor", "coordinatordetails", "coursedetails", "eventdetails", "programdetails",
    "publicationdetails", "citation", "escalationstep", "resource", "organizationtie", "organizationtext",
    "organization", "areaname", "source", "area", "term", "searchtrigram",
)  # fmt: skip
"""Parts before what they belong to."""

TRIGGERS = {
    "sqlite": (
        """CREATE TRIGGER revision_is_kept BEFORE DELETE ON revision
        BEGIN SELECT RAISE(ABORT, 'revisions are never deleted'); END""",
        """CREATE TRIGGER revision_is_unchanged BEFORE UPDATE ON revision
        WHEN NOT EXISTS (SELECT 1 FROM redaction WHERE redaction.revision = OLD.number)
            OR NEW.number IS NOT OLD.number OR NEW.record IS NOT OLD.record OR NEW.family IS NOT OLD.family
            OR NEW.kind IS NOT OLD.kind OR NEW.slug IS NOT OLD.slug OR NEW.digest IS NOT OLD.digest
            OR NEW.position IS NOT OLD.position OR NEW.actor IS NOT OLD.actor OR NEW.origin IS NOT OLD.origin
            OR NEW.edition IS NOT OLD.edition OR NEW.made_at IS NOT OLD.made_at OR NEW.base IS NOT OLD.base
        BEGIN SELECT RAISE(ABORT, 'revisions are never changed; a redaction may blank a document'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION keep_revision() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP <> 'UPDATE' THEN
                RAISE EXCEPTION 'revisions are never deleted';
            END IF;
            IF NOT EXISTS (SELECT 1 FROM redaction WHERE redaction.revision = OLD.number)
                OR (to_jsonb(NEW) - 'document' - 'reason') IS DISTINCT FROM (to_jsonb(OLD) - 'document' - 'reason') THEN
                RAISE EXCEPTION 'revisions are never changed; a redaction may blank a document';
            END IF;
            RETURN NEW;
        END $$""",
        """CREATE TRIGGER revision_is_kept BEFORE UPDATE OR DELETE ON revision
        FOR EACH ROW EXECUTE FUNCTION keep_revision()""",
        "CREATE TRIGGER revision_is_not_emptied BEFORE TRUNCATE ON revision EXECUTE FUNCTION keep_revision()",
    ),
}


def upgrade() -> None:
    _create_tables()
    _empty_tables()
    op.drop_table("searchposting")
    op.drop_table("searchentry")
    op.create_table(
        "searchposting",
        sa.Column("token", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("chunk", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("token", "chunk"),
    )
    op.add_column("change", sa.Column("former_slug", sa.String(), nullable=True))
    with op.batch_alter_table("citation") as citation:
        citation.create_foreign_key("fk_citation_subject", "currentrecord", ["subject_id"], ["id"], ondelete="CASCADE")
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def _create_tables() -> None:
    op.create_table(
        "revision",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record", sa.Uuid(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("origin", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["edition"], ["edition.number"]),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_revision_history", "revision", ["record", "number"], unique=False)
    op.create_index("ix_revision_slug", "revision", ["family", "slug"], unique=False)
    op.create_index("ix_revision_edition", "revision", ["edition"], unique=False)
    op.create_table(
        "currentrecord",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("first_revision", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["revision"], ["revision.number"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("family", "slug"),
        sa.UniqueConstraint("first_revision"),
        sa.UniqueConstraint("revision"),
    )
    op.create_table(
        "upstreamrecord",
        sa.Column("record", sa.Uuid(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["revision"], ["revision.number"]),
        sa.PrimaryKeyConstraint("record"),
        sa.UniqueConstraint("family", "slug"),
    )
    op.create_index("ix_upstreamrecord_revision", "upstreamrecord", ["revision"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record", sa.Uuid(), nullable=True),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("conflicts", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("origin", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_proposal_record", "proposal", ["record"], unique=False)
    op.create_index("ix_proposal_state", "proposal", ["state"], unique=False)
    op.create_table(
        "redaction",
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("revision"),
    )


def _empty_tables() -> None:
    for table in EMPTIED:
        op.execute(f"DELETE FROM {table}")  # noqa: S608  # names of our own


def downgrade() -> None:
    """Take the history away. What is read stays; `stodkatalog seed` of the version before makes the search index."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER revision_is_kept ON revision")
        op.execute("DROP TRIGGER revision_is_not_emptied ON revision")
        op.execute("DROP FUNCTION keep_revision()")
    with op.batch_alter_table("citation") as citation:
        citation.drop_constraint("fk_citation_subject", type_="foreignkey")
    op.drop_column("change", "former_slug")
    op.drop_table("searchposting")
    op.create_table(
        "searchentry",
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("rank"),
        sa.UniqueConstraint("subject_id"),
    )
    op.create_table(
        "searchposting",
        sa.Column("token", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("ranks", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("token"),
    )
    for table in ("redaction", "proposal", "upstreamrecord", "currentrecord", "revision"):
        op.drop_table(table)
