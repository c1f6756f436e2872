"""Updates of offices' plans: how each stands between two of them, and what they asked."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "plan_standings",
        sa.Column("derivation", TEXT, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("derivation", name="pk_plan_standings"),
    )
    op.create_table(
        "plan_conflicts",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("derivation", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plan_conflicts"),
    )
    op.create_index("ix_plan_conflicts_derivation", "plan_conflicts", ["derivation"])


def downgrade() -> None:
    op.drop_table("plan_conflicts")
    op.drop_table("plan_standings")
