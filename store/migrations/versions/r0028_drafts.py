"""Drafts of versions: what is consulted on before it is published."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
COLUMNS = ("standard", "version", "origin_case", "state")


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", TEXT, nullable=False),
        *(sa.Column(each, TEXT, nullable=False) for each in COLUMNS),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
    )
    for columns in (["standard", "version"], ["origin_case"], ["ended"]):
        op.create_index(f"ix_drafts_{'_'.join(columns)}", "drafts", columns)


def downgrade() -> None:
    op.drop_table("drafts")
