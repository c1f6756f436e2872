"""Absences and delegations; requests for decisions, what was asked of whom, and the one decision of each."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    for name, columns in (
        ("absences", ("person", "deputy")),
        ("delegations", ("delegator", "delegate", "office", "role")),
    ):
        op.create_table(
            name,
            sa.Column("id", TEXT, nullable=False),
            *(sa.Column(each, TEXT, nullable=False) for each in columns),
            sa.Column("first", sa.Date(), nullable=False),
            sa.Column("last", sa.Date(), nullable=False),
            sa.Column("entered", sa.Boolean(), nullable=False),
            sa.Column("at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
            sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        )
        op.create_index(f"ix_{name}_{columns[0]}", name, [columns[0]])
    _decisions()


def _decisions() -> None:
    op.create_table(
        "decision_requests",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("office", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decision_requests"),
    )
    op.create_index("ix_decision_requests_office_state", "decision_requests", ["office", "state"])
    op.create_index("ix_decision_requests_kind_subject", "decision_requests", ["kind", "subject"])
    op.create_table(
        "decision_votes",
        sa.Column("request", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request"], ["decision_requests.id"], name="fk_decision_votes_request_decision_requests"
        ),
        sa.PrimaryKeyConstraint("request", "digest", "person", name="pk_decision_votes"),
    )
    op.create_table(
        "decisions",
        sa.Column("request", TEXT, nullable=False),
        sa.Column("outcome", TEXT, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request"], ["decision_requests.id"], name="fk_decisions_request_decision_requests"
        ),
        sa.PrimaryKeyConstraint("request", name="pk_decisions"),
    )


def downgrade() -> None:
    for name in ("decisions", "decision_votes", "decision_requests", "delegations", "absences"):
        op.drop_table(name)
