"""A rollout's members as rows, what a sweep found by its content, and indexes by office and project."""

import hashlib
import json
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
INDEXES = {
    "ix_adoptions_rollout_office_project": ("adoptions", ["rollout", "office", "project"]),
    "ix_questions_project": ("questions", ["project"]),
    "ix_notices_office": ("notices", ["office"]),
}
ROLLOUTS = sa.table(
    "rollouts", sa.column("id", sa.String), sa.column("manifest", sa.String), sa.column("document", sa.Text)
)
MEMBERS = sa.table(
    "rollout_members",
    *(sa.column(name, sa.String) for name in ("rollout", "project", "office")),
    *(sa.column(name, sa.Integer) for name in ("position", "wave")),
)
PROJECTS = sa.table(
    "sweep_projects",
    *(sa.column(name, sa.Integer) for name in ("sweep", "position")),
    *(sa.column(name, sa.String) for name in ("project", "office", "band")),
    sa.column("document", sa.LargeBinary),
)
JUDGMENTS = sa.table("judgments", sa.column("digest", sa.String), sa.column("document", sa.LargeBinary))
OF_SWEEP = sa.table("sweep_judgments", sa.column("sweep", sa.Integer), sa.column("judgments", sa.LargeBinary))


def upgrade() -> None:
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)
    op.create_table(
        "rollout_members",
        sa.Column("rollout", TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("project", TEXT, nullable=False),
        sa.Column("office", TEXT, nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rollout"], ["rollouts.id"], name="fk_rollout_members_rollout_rollouts"),
        sa.PrimaryKeyConstraint("rollout", "position", name="pk_rollout_members"),
        sa.UniqueConstraint("rollout", "project", name="uq_rollout_members_rollout_project"),
    )
    op.create_table(
        "judgments",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_judgments"),
    )
    op.create_table(
        "sweep_judgments",
        sa.Column("sweep", sa.Integer(), nullable=False),
        sa.Column("judgments", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["sweep"], ["sweeps.number"], name="fk_sweep_judgments_sweep_sweeps"),
        sa.PrimaryKeyConstraint("sweep", name="pk_sweep_judgments"),
    )
    connection = op.get_bind()
    _move_members(connection)
    _move_judgments(connection)
    op.drop_table("sweep_projects")


def _move_members(connection: sa.Connection) -> None:
    found = connection.execute(sa.select(ROLLOUTS.c.id, ROLLOUTS.c.manifest, ROLLOUTS.c.document)).all()
    for rollout, digest, text in found:
        document = json.loads(text)
        members = document["manifest"].pop("members")
        document["manifest"] |= {"size": len(members), "digest": digest}
        if members:
            rows = [{"rollout": rollout, "position": n, **member} for n, member in enumerate(members)]
            connection.execute(sa.insert(MEMBERS), rows)
        changed = sa.update(ROLLOUTS).where(ROLLOUTS.c.id == rollout)
        connection.execute(changed.values(document=json.dumps(document, separators=(",", ":"))))


def _move_judgments(connection: sa.Connection) -> None:
    known: set[str] = set()
    for sweep in connection.scalars(sa.text("SELECT number FROM sweeps ORDER BY number")).all():
        asked = sa.select(PROJECTS.c.document).where(PROJECTS.c.sweep == sweep).order_by(PROJECTS.c.position)
        documents = {hashlib.sha256(zlib.decompress(d)).digest(): d for d in connection.scalars(asked).all()}
        new = {digest.hex(): document for digest, document in documents.items() if digest.hex() not in known}
        if new:
            rows = [{"digest": digest, "document": document} for digest, document in new.items()]
            connection.execute(sa.insert(JUDGMENTS), rows)
        known |= new.keys()
        listed = {"sweep": sweep, "judgments": b"".join(documents)}
        connection.execute(sa.insert(OF_SWEEP).values(listed))


def downgrade() -> None:
    op.create_table(
        "sweep_projects",
        sa.Column("sweep", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("project", "office", "band")),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["sweep"], ["sweeps.number"], name="fk_sweep_projects_sweep_sweeps"),
        sa.PrimaryKeyConstraint("sweep", "position", name="pk_sweep_projects"),
        sa.UniqueConstraint("sweep", "project", name="uq_sweep_projects_sweep_project"),
    )
    connection = op.get_bind()
    _put_back_judgments(connection)
    _put_back_members(connection)
    for table in ("sweep_judgments", "judgments", "rollout_members"):
        op.drop_table(table)
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table_name=table)


def _put_back_members(connection: sa.Connection) -> None:
    for rollout, text in connection.execute(sa.select(ROLLOUTS.c.id, ROLLOUTS.c.document)).all():
        asked = sa.select(MEMBERS.c.project, MEMBERS.c.office, MEMBERS.c.wave)
        members = connection.execute(asked.where(MEMBERS.c.rollout == rollout).order_by(MEMBERS.c.position))
        document = json.loads(text)
        document["manifest"]["members"] = [dict(member) for member in members.mappings()]
        for name in ("size", "digest"):
            del document["manifest"][name]
        changed = sa.update(ROLLOUTS).where(ROLLOUTS.c.id == rollout)
        connection.execute(changed.values(document=json.dumps(document, separators=(",", ":"))))


def _put_back_judgments(connection: sa.Connection) -> None:
    for sweep, listed in connection.execute(sa.select(OF_SWEEP.c.sweep, OF_SWEEP.c.judgments)).all():
        rows = []
        for position in range(len(listed) // 32):
            digest = listed[32 * position : 32 * (position + 1)].hex()
            asked = sa.select(JUDGMENTS.c.document).where(JUDGMENTS.c.digest == digest)
            document = connection.execute(asked).scalar_one()
            judged = json.loads(zlib.decompress(document))
            named = {name: judged[name] for name in ("project", "office", "band")}
            rows.append({"sweep": sweep, "position": position, "document": document, **named})
        if rows:
            connection.execute(sa.insert(PROJECTS), rows)
