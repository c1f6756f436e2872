"""Directives: what strategic offices instructed, and how each addressee stands."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "directives",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("issuer", TEXT, nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_directives"),
    )
    op.create_table(
        "directive_offices",
        sa.Column("office", TEXT, nullable=False),
        sa.Column("directive_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["directive_id"], ["directives.id"], name="fk_directive_offices_directive_id_directives"
        ),
        sa.PrimaryKeyConstraint("office", "directive_id", name="pk_directive_offices"),
    )
    op.create_index("ix_directives_ended", "directives", ["ended"])


def downgrade() -> None:
    op.drop_table("directive_offices")
    op.drop_table("directives")
