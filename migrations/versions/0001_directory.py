"""The directory: sources, areas, organizations, vocabularies, resources of all kinds, search."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:  # noqa: PLR0915  # one table after the other
    op.create_table(
        "area",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("name_sv", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("iso_3166_2", sa.String(), nullable=True),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["area.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("path"),
    )
    op.create_index("ix_area_kind", "area", ["kind"], unique=False)
    op.create_index("ix_area_parent_id", "area", ["parent_id"], unique=False)

    op.create_table(
        "organization",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("stated_on", sa.Date(), nullable=True),
        sa.Column("verified_at", sa.Date(), nullable=True),
        sa.Column("review_due", sa.Date(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_index("ix_organization_updated_at", "organization", ["updated_at"], unique=False)

    op.create_table(
        "resource",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=True),
        sa.Column("verified_at", sa.Date(), nullable=True),
        sa.Column("review_due", sa.Date(), nullable=True),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("max_age", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_index("ix_resource_order", "resource", ["kind", "status", "position", "slug"], unique=False)
    op.create_index("ix_resource_position", "resource", ["position"], unique=False)
    op.create_index("ix_resource_updated_at", "resource", ["updated_at"], unique=False)

    op.create_table(
        "searchentry",
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("tokens", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("rank"),
        sa.UniqueConstraint("subject_id"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_searchentry_tokens", "searchentry", ["tokens"], unique=False, postgresql_using="gin")
    else:
        op.execute(
            "CREATE VIRTUAL TABLE search_fts USING fts5(tokens, content='searchentry', content_rowid='rank', "
            "detail=none, tokenize=\"unicode61 remove_diacritics 0 tokenchars '=~^'\", prefix='4 5 6')"
        )

    op.create_table(
        "source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("publisher", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("published", sa.Date(), nullable=True),
        sa.Column("updated", sa.Date(), nullable=True),
        sa.Column("retrieved", sa.Date(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "term",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vocabulary", sa.String(length=30), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name_sv", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("description_sv", sa.String(), nullable=False),
        sa.Column("description_en", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["term.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("vocabulary", "slug"),
    )
    op.create_table(
        "areaname",
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"],
            ["area.id"],
        ),
        sa.PrimaryKeyConstraint("area_id", "key"),
    )
    op.create_index("ix_areaname_key", "areaname", ["key"], unique=False)

    op.create_table(
        "citation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("locator", sa.String(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_citation_source_id", "citation", ["source_id"], unique=False)
    op.create_index("ix_citation_subject_id", "citation", ["subject_id"], unique=False)

    op.create_table(
        "contactpoint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("channel", sa.String(length=30), nullable=False),
        sa.Column("label_sv", sa.String(), nullable=False),
        sa.Column("label_en", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("opening_hours", sa.String(), nullable=True),
        sa.Column("hours_basis", sa.String(length=30), nullable=True),
        sa.Column("hours_stated", sa.String(), nullable=True),
        sa.Column("hours_reason_sv", sa.String(), nullable=True),
        sa.Column("hours_reason_en", sa.String(), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=True),
        sa.Column("free_of_charge", sa.Boolean(), nullable=True),
        sa.Column("on_phone_bill", sa.Boolean(), nullable=True),
        sa.Column("interpreters", sa.Boolean(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("resource_id", "slug"),
    )
    op.create_index("ix_contactpoint_channel", "contactpoint", ["channel"], unique=False)

    op.create_table(
        "coordinatordetails",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("coordination_region_id", sa.Uuid(), nullable=False),
        sa.Column("reached_through_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["coordination_region_id"],
            ["area.id"],
        ),
        sa.ForeignKeyConstraint(
            ["reached_through_id"],
            ["resource.id"],
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
        ),
        sa.PrimaryKeyConstraint("resource_id"),
        sa.UniqueConstraint("coordination_region_id"),
    )
    op.create_table(
        "coursedetails",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("format", sa.String(length=30), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("duration_stated", sa.String(), nullable=True),
        sa.Column("chapters", sa.Integer(), nullable=True),
        sa.Column("free", sa.Boolean(), nullable=True),
        sa.Column("price_stated", sa.String(), nullable=True),
        sa.Column("launched_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
        ),
        sa.PrimaryKeyConstraint("resource_id"),
    )
    op.create_table(
        "escalationstep",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(length=30), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=True),
        sa.Column("local", sa.String(length=30), nullable=True),
        sa.Column("reason_sv", sa.String(), nullable=False),
        sa.Column("reason_en", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "eventdetails",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("date_basis", sa.String(length=30), nullable=True),
        sa.Column("venue", sa.String(), nullable=True),
        sa.Column("street_address", sa.String(), nullable=True),
        sa.Column("locality", sa.String(), nullable=True),
        sa.Column("free", sa.Boolean(), nullable=True),
        sa.Column("register_by", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
        ),
        sa.PrimaryKeyConstraint("resource_id"),
    )
    op.create_index("ix_eventdetails_starts_on", "eventdetails", ["starts_on"], unique=False)

    op.create_table(
        "organizationtext",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("organization_id", "language"),
    )
    op.create_table(
        "organizationtie",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("tie", sa.String(length=30), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("organization_id", "tie", "other_id"),
    )
    op.create_index("ix_organizationtie_other_id", "organizationtie", ["other_id"], unique=False)

    op.create_table(
        "programdetails",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("applicant_sv", sa.String(), nullable=True),
        sa.Column("applicant_en", sa.String(), nullable=True),
        sa.Column("apply_through_sv", sa.String(), nullable=True),
        sa.Column("apply_through_en", sa.String(), nullable=True),
        sa.Column("available_from", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
        ),
        sa.PrimaryKeyConstraint("resource_id"),
    )
    op.create_table(
        "publicationdetails",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("edition", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
        ),
        sa.PrimaryKeyConstraint("resource_id"),
    )
    op.create_index("ix_publicationdetails_type", "publicationdetails", ["type"], unique=False)

    op.create_table(
        "resourcearea",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"],
            ["area.id"],
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
        ),
        sa.PrimaryKeyConstraint("resource_id", "area_id"),
    )
    op.create_index("ix_resourcearea_area_id", "resourcearea", ["area_id"], unique=False)

    op.create_table(
        "resourceorganization",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
        ),
        sa.PrimaryKeyConstraint("resource_id", "organization_id", "role"),
    )
    op.create_index(
        "ix_resourceorganization_organization_id", "resourceorganization", ["organization_id"], unique=False
    )

    op.create_table(
        "resourceterm",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
        ),
        sa.ForeignKeyConstraint(
            ["term_id"],
            ["term.id"],
        ),
        sa.PrimaryKeyConstraint("resource_id", "term_id"),
    )
    op.create_index("ix_resourceterm_term_id", "resourceterm", ["term_id"], unique=False)

    op.create_table(
        "resourcetext",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
        ),
        sa.PrimaryKeyConstraint("resource_id", "language"),
    )
    op.create_table(
        "contactpointlanguage",
        sa.Column("contact_point_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_point_id"],
            ["contactpoint.id"],
        ),
        sa.PrimaryKeyConstraint("contact_point_id", "language"),
    )
    op.create_table(
        "openingexception",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_point_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("expression", sa.String(), nullable=False),
        sa.Column("reason_sv", sa.String(), nullable=False),
        sa.Column("reason_en", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_point_id"],
            ["contactpoint.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_openingexception_contact_point_id", "openingexception", ["contact_point_id"], unique=False)


def downgrade() -> None:

    op.drop_table("openingexception")
    op.drop_table("contactpointlanguage")
    op.drop_table("resourcetext")

    op.drop_table("resourceterm")

    op.drop_table("resourceorganization")

    op.drop_table("resourcearea")

    op.drop_table("publicationdetails")
    op.drop_table("programdetails")

    op.drop_table("organizationtie")
    op.drop_table("organizationtext")

    op.drop_table("eventdetails")
    op.drop_table("escalationstep")
    op.drop_table("coursedetails")
    op.drop_table("coordinatordetails")

    op.drop_table("contactpoint")

    op.drop_table("citation")

    op.drop_table("areaname")
    op.drop_table("term")
    op.drop_table("source")

    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_fts")
    op.drop_table("searchentry")

    op.drop_table("resource")

    op.drop_table("organization")

    op.drop_table("area")
