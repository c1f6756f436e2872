"""Whether Prefect's event of a message was told; those of before were told when they were dealt with."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("told", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.execute(sa.text("update messages set told = false where state = 'waiting'"))
    op.create_index("ix_messages_told_number", "messages", ["told", "number"])


def downgrade() -> None:
    op.drop_index("ix_messages_told_number", "messages")
    op.drop_column("messages", "told")
