"""The index of reports. Files that are there already are entered by `config.older_reports`, not here."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "reports",
        sa.Column("slug", TEXT, nullable=False),
        sa.Column("about", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("standard", TEXT, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("sentence", TEXT, nullable=False),
        sa.Column("ledger_head", TEXT, nullable=False),
        sa.Column("ledger_entry", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name="pk_reports"),
    )


def downgrade() -> None:
    op.drop_table("reports")
