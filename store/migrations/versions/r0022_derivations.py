"""Derivations: the plans that offices made of templates, and their tasks' keys in the offices' tools."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "derivations",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("office", TEXT, nullable=False),
        sa.Column("template", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("project", TEXT, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_derivations"),
    )
    op.create_index("ix_derivations_office", "derivations", ["office"])
    op.create_index("ix_derivations_template", "derivations", ["template"])
    op.create_table(
        "derivation_keys",
        sa.Column("derivation", TEXT, nullable=False),
        sa.Column("uid", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("derivation", "uid", name="pk_derivation_keys"),
    )
    for name in ("own_estimates", "begun_answers"):
        op.create_table(
            name,
            sa.Column("derivation", TEXT, nullable=False),
            sa.Column("document", sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint("derivation", name=f"pk_{name}"),
        )


def downgrade() -> None:
    op.drop_table("begun_answers")
    op.drop_table("own_estimates")
    op.drop_table("derivation_keys")
    op.drop_table("derivations")
