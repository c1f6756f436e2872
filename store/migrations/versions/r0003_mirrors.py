"""What connectors remember of the offices' tools between readings, and how far they were read."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "mirror",
        sa.Column("office", TEXT, nullable=False),
        sa.Column("ref", TEXT, nullable=False),
        sa.Column("stamp", TEXT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("office", "ref", name="pk_mirror"),
    )
    op.create_table(
        "cursors",
        sa.Column("office", TEXT, nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("office", name="pk_cursors"),
    )


def downgrade() -> None:
    op.drop_table("cursors")
    op.drop_table("mirror")
