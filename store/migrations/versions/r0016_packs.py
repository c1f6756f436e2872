"""Filled report formats, and which content each project's plan had at what time: reports are of cut-offs."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "plan_history",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("office", TEXT, nullable=False),
        sa.Column("project", TEXT, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_plan_history"),
    )
    op.create_index("ix_plan_history_office_at", "plan_history", ["office", "at"])
    # what is known of the time before: since when each plan has its content, and when it was gone
    op.execute(
        "INSERT INTO plan_history (office, project, at, digest) "
        "SELECT office, project, read_at, digest FROM plans ORDER BY project"
    )
    op.execute(
        "INSERT INTO plan_history (office, project, at, digest) "
        "SELECT office, project, gone_at, NULL FROM plans WHERE gone_at IS NOT NULL ORDER BY project"
    )
    op.create_table(
        "packs",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("format", TEXT, nullable=False),
        sa.Column("office", TEXT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_packs"),
    )
    op.create_index("ix_packs_format_office_day", "packs", ["format", "office", "day"])


def downgrade() -> None:
    op.drop_table("packs")
    op.drop_table("plan_history")
