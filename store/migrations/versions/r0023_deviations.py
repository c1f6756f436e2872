"""Deviations: what was asked for, and how each stands."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
COLUMNS = ("office", "project", "standard", "rule", "state", "digest")


def upgrade() -> None:
    op.create_table(
        "deviations",
        sa.Column("id", TEXT, nullable=False),
        *(sa.Column(each, TEXT, nullable=False) for each in COLUMNS),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deviations"),
    )
    for columns in (["ended", "last"], ["project"], ["office"], ["standard", "rule"]):
        op.create_index(f"ix_deviations_{'_'.join(columns)}", "deviations", columns)


def downgrade() -> None:
    op.drop_table("deviations")
