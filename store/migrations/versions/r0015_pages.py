"""Offices' own pages: links to them, what was uploaded there, and what their pages know of questions."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "page_links",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("office", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_page_links"),
    )
    op.create_index("ix_page_links_office", "page_links", ["office"])
    op.create_table(
        "uploads",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("office", TEXT, nullable=False),
        sa.Column("tool", TEXT, nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_uploads"),
        sa.UniqueConstraint("id", name="uq_uploads_id"),
    )
    op.create_index("ix_uploads_office_number", "uploads", ["office", "number"])
    op.create_table(
        "page_questions",
        sa.Column("question", TEXT, nullable=False),
        sa.Column("office", TEXT, nullable=False),
        sa.Column("opened", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by", TEXT, nullable=False),
        sa.Column("answer", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("link", TEXT, nullable=False),
        sa.Column("answered", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused", TEXT, nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("question", name="pk_page_questions"),
    )
    op.create_index("ix_page_questions_office", "page_questions", ["office"])


def downgrade() -> None:
    op.drop_table("page_questions")
    op.drop_table("uploads")
    op.drop_table("page_links")
