"""What the pages per role are made from; the next reports fill it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "role_bases",
        sa.Column("about", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("about", name="pk_role_bases"),
    )


def downgrade() -> None:
    op.drop_table("role_bases")
