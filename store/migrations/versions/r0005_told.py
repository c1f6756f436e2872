"""Whether a message was reported to Prefect; earlier ones were reported when they were dealt with."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INDEX = "ix_messages_untold"
UNTOLD = sa.text("told = false and state != 'waiting'")


def upgrade() -> None:
    op.add_column("messages", sa.Column("told", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.execute(sa.text("update messages set told = false where state = 'waiting'"))
    op.create_index(INDEX, "messages", ["number"], sqlite_where=UNTOLD, postgresql_where=UNTOLD)


def downgrade() -> None:
    op.drop_index(INDEX, "messages")
    op.drop_column("messages", "told")
