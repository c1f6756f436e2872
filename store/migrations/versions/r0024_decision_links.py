"""Links by which approvers decide; what came by links that decide nothing; when each decision was made."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "decision_links",
        sa.Column("mark", TEXT, nullable=False),
        sa.Column("request", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("shown", TEXT, nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", TEXT, nullable=False),
        sa.Column("draft", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request"], ["decision_requests.id"], name="fk_decision_links_request_decision_requests"
        ),
        sa.PrimaryKeyConstraint("mark", name="pk_decision_links"),
    )
    op.create_index("ix_decision_links_request", "decision_links", ["request"])
    op.create_table(
        "decision_link_refusals",
        sa.Column("mark", TEXT, nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mark", "why", "day", name="pk_decision_link_refusals"),
    )
    op.add_column("decisions", sa.Column("at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_decisions_at", "decisions", ["at"])


def downgrade() -> None:
    op.drop_index("ix_decisions_at", "decisions")
    op.drop_column("decisions", "at")
    for name in ("decision_link_refusals", "decision_links"):
        op.drop_table(name)
