"""The kind of the failure of an office's last reading; of those before it only the tool's words are known."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("readings", sa.Column("failure", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("readings") as readings:
        readings.drop_column("failure")
