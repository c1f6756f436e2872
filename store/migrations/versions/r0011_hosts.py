"""Hosts and their heartbeats; a lock names the process that holds it in columns, no longer in a text.

Rows that are there get no incarnation: those of this machine are judged by its processes as before, those of
others by the time since somebody first noticed their host.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
PROCESS = ("host", "incarnation", "pid", "pid_started")
LOCKS = sa.table(
    "office_locks",
    sa.column("office", sa.String),
    sa.column("holder", sa.String),
    sa.column("host", sa.String),
    sa.column("incarnation", sa.String),
    sa.column("pid", sa.Integer),
    sa.column("pid_started", sa.Double),
)


def upgrade() -> None:
    op.create_table(
        "hosts",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("incarnation", TEXT, nullable=False),
        sa.Column("heard", sa.Double(), nullable=False),
        sa.Column("allowed", sa.Double(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=True),
        sa.Column("pid_started", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("name", "incarnation", name="pk_hosts"),
    )
    op.add_column("runs", sa.Column("incarnation", TEXT, nullable=False, server_default=""))
    op.add_column("office_locks", sa.Column("host", TEXT, nullable=True))
    op.add_column("office_locks", sa.Column("incarnation", TEXT, nullable=True))
    op.add_column("office_locks", sa.Column("pid", sa.Integer(), nullable=True))
    op.add_column("office_locks", sa.Column("pid_started", sa.Double(), nullable=True))
    connection = op.get_bind()
    held = sa.select(LOCKS.c.office, LOCKS.c.holder).where(LOCKS.c.holder.is_not(None))
    for office, holder in connection.execute(held).all():
        host, pid, started = holder.rsplit(" ", 2)
        process = {"host": host, "incarnation": "", "pid": int(pid), "pid_started": float(started)}
        connection.execute(sa.update(LOCKS).where(LOCKS.c.office == office).values(process))
    with op.batch_alter_table("office_locks") as locks:
        locks.drop_column("holder")


def downgrade() -> None:
    op.add_column("office_locks", sa.Column("holder", TEXT, nullable=True))
    connection = op.get_bind()
    asked = sa.select(LOCKS.c.office, *(LOCKS.c[name] for name in PROCESS)).where(LOCKS.c.host.is_not(None))
    for office, host, _, pid, started in connection.execute(asked).all():
        held = sa.update(LOCKS).where(LOCKS.c.office == office)
        connection.execute(held.values(holder=f"{host} {pid} {started:.2f}"))
    with op.batch_alter_table("office_locks") as locks:
        for name in PROCESS:
            locks.drop_column(name)
    with op.batch_alter_table("runs") as runs:
        runs.drop_column("incarnation")
    op.drop_table("hosts")
