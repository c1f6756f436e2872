"""What does not stand in the offices' tools as it should; filled by the next delivery."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "held",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("office", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("cause", TEXT, nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_held"),
    )
    op.create_index("ix_held_office", "held", ["office"])


def downgrade() -> None:
    op.drop_table("held")
