"""Deployments, the shares of templates under deployments and agreements, what peers ask on templates."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "deployments",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("template", TEXT, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deployments"),
    )
    op.create_table(
        "template_shares",
        sa.Column("template", TEXT, nullable=False),
        sa.Column("basis", TEXT, nullable=False),
        sa.Column("under", TEXT, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("template", "basis", "under", name="pk_template_shares"),
    )
    op.create_table(
        "peer_questions",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("template", TEXT, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_peer_questions"),
    )
    op.create_index("ix_peer_questions_template", "peer_questions", ["template"])


def downgrade() -> None:
    op.drop_table("peer_questions")
    op.drop_table("template_shares")
    op.drop_table("deployments")
