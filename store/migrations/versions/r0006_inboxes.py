"""How many bytes of bodies each source has in the inbox, and which bodies came within the last day."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "inboxes",
        sa.Column("source", TEXT, nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_inboxes"),
    )
    op.create_table(
        "contents",
        sa.Column("source", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("message", TEXT, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "digest", name="pk_contents"),
    )
    op.create_index("ix_contents_at", "contents", ["at"])
    op.execute(sa.text("insert into inboxes select source, sum(length(body)) from messages group by source"))
    op.execute(
        sa.text(
            "insert into contents select source, digest, id, at from messages where number in"
            " (select max(number) from messages where kind != 'hint' group by source, digest)"
        )
    )


def downgrade() -> None:
    op.drop_table("contents")
    op.drop_table("inboxes")
