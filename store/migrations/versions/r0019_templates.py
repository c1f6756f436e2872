"""Templates: drafts, released versions, recalls."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "template_drafts",
        sa.Column("template", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("template", "digest", name="pk_template_drafts"),
    )
    op.create_table(
        "template_versions",
        sa.Column("template", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("template", "number", name="pk_template_versions"),
    )
    op.create_table(
        "template_recalls",
        sa.Column("template", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("template", "number", "place", name="pk_template_recalls"),
    )


def downgrade() -> None:
    op.drop_table("template_recalls")
    op.drop_table("template_versions")
    op.drop_table("template_drafts")
