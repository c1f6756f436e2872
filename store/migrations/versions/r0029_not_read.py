"""The kind of the failure of an office's last reading; of those before it only the tool's words are known."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("readings", sa.Column("failure", TEXT, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("readings") as readings:
        readings.drop_column("failure")
