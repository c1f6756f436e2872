"""What a reading left out of a plan on purpose, by kind; of readings before it nothing is known."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("readings", sa.Column("left_out", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("readings") as readings:
        readings.drop_column("left_out")
