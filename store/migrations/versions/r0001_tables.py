"""The tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "intents",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("office", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_intents")),
    )
    op.create_index(op.f("ix_intents_office"), "intents", ["office"], unique=False)
    op.create_table(
        "ledger",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("before", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ledger")),
        sa.UniqueConstraint("before", name=op.f("uq_ledger_before")),
        sa.UniqueConstraint("hash", name=op.f("uq_ledger_hash")),
    )
    op.create_table(
        "marks",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )
    op.create_table(
        "notices",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("office", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("delivered_at", TIME, nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_notices")),
    )
    op.create_table(
        "office_locks",
        sa.Column("office", TEXT, nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("holder", TEXT, nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("office", name=op.f("pk_office_locks")),
    )
    op.create_table(
        "plan_contents",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_plan_contents")),
    )
    op.create_table(
        "pseudonyms",
        sa.Column("person", TEXT, nullable=False),
        sa.Column("pseudonym", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_pseudonyms")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_pseudonyms_pseudonym")),
    )
    op.create_table(
        "questions",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("office", TEXT, nullable=False),
        sa.Column("project", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("asked", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index(op.f("ix_questions_office_state"), "questions", ["office", "state"], unique=False)
    op.create_table(
        "readings",
        sa.Column("office", TEXT, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("ok_at", TIME, nullable=True),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("problem", TEXT, nullable=False),
        sa.Column("unreadable", sa.Text(), nullable=False),
        sa.Column("tool", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("office", name=op.f("pk_readings")),
    )
    op.create_table(
        "rollouts",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("standard", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("manifest", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollouts")),
    )
    op.create_table(
        "runs",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("flow", TEXT, nullable=False),
        sa.Column("host", TEXT, nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("pid_started", sa.Double(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_table(
        "simulations",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_simulations")),
    )
    op.create_table(
        "sweeps",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("standard", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sweeps")),
        sa.UniqueConstraint("id", name=op.f("uq_sweeps_id")),
    )
    op.create_index(
        op.f("ix_sweeps_standard_version_at"), "sweeps", ["standard", "version", "at"], unique=False
    )
    op.create_table(
        "tallies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office", TEXT, nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tallies")),
    )
    op.create_table(
        "versions",
        sa.Column("standard", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("standard", "version", name=op.f("pk_versions")),
    )
    op.create_table(
        "adoption_counts",
        sa.Column("rollout", TEXT, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rollout"], ["rollouts.id"], name=op.f("fk_adoption_counts_rollout_rollouts")
        ),
        sa.PrimaryKeyConstraint("rollout", "as_of", name=op.f("pk_adoption_counts")),
    )
    op.create_table(
        "adoptions",
        sa.Column("rollout", TEXT, nullable=False),
        sa.Column("project", TEXT, nullable=False),
        sa.Column("office", TEXT, nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("standing", TEXT, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["rollout"], ["rollouts.id"], name=op.f("fk_adoptions_rollout_rollouts")),
        sa.PrimaryKeyConstraint("rollout", "project", name=op.f("pk_adoptions")),
    )
    op.create_table(
        "plans",
        sa.Column("project", TEXT, nullable=False),
        sa.Column("office", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("read_at", TIME, nullable=False),
        sa.Column("gone_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["digest"], ["plan_contents.digest"], name=op.f("fk_plans_digest_plan_contents")
        ),
        sa.PrimaryKeyConstraint("project", name=op.f("pk_plans")),
    )
    op.create_index(op.f("ix_plans_office"), "plans", ["office"], unique=False)
    op.create_table(
        "sweep_projects",
        sa.Column("sweep", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("project", TEXT, nullable=False),
        sa.Column("office", TEXT, nullable=False),
        sa.Column("band", TEXT, nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["sweep"], ["sweeps.number"], name=op.f("fk_sweep_projects_sweep_sweeps")),
        sa.PrimaryKeyConstraint("sweep", "position", name=op.f("pk_sweep_projects")),
        sa.UniqueConstraint("sweep", "project", name=op.f("uq_sweep_projects_sweep_project")),
    )


def downgrade() -> None:
    op.drop_table("sweep_projects")
    op.drop_index(op.f("ix_plans_office"), table_name="plans")
    op.drop_table("plans")
    op.drop_table("adoptions")
    op.drop_table("adoption_counts")
    op.drop_table("versions")
    op.drop_table("tallies")
    op.drop_index(op.f("ix_sweeps_standard_version_at"), table_name="sweeps")
    op.drop_table("sweeps")
    op.drop_table("simulations")
    op.drop_table("runs")
    op.drop_table("rollouts")
    op.drop_table("readings")
    op.drop_index(op.f("ix_questions_office_state"), table_name="questions")
    op.drop_table("questions")
    op.drop_table("pseudonyms")
    op.drop_table("plan_contents")
    op.drop_table("office_locks")
    op.drop_table("notices")
    op.drop_table("marks")
    op.drop_table("ledger")
    op.drop_index(op.f("ix_intents_office"), table_name="intents")
    op.drop_table("intents")
