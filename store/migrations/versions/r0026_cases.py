"""Cases: what offices raised or objected to, and how each stands."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
COLUMNS = ("about", "subject", "standard", "counterpart", "state")


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", TEXT, nullable=False),
        *(sa.Column(each, TEXT, nullable=False) for each in COLUMNS),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
    )
    op.create_table(
        "case_offices",
        sa.Column("office", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_offices_case_id_cases"),
        sa.PrimaryKeyConstraint("office", "case_id", name="pk_case_offices"),
    )
    for columns in (["about", "subject"], ["ended"]):
        op.create_index(f"ix_cases_{'_'.join(columns)}", "cases", columns)


def downgrade() -> None:
    op.drop_table("case_offices")
    op.drop_table("cases")
