"""The band of each project of each sweep, read once of those that are there."""

import json
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

WIDTH, AT_ONCE = 32, 500


def upgrade() -> None:
    made = op.create_table(
        "sweep_bands",
        sa.Column("sweep", sa.Integer(), nullable=False),
        sa.Column("bands", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sweep"], ["sweeps.number"], name="fk_sweep_bands_sweep_sweeps"),
        sa.PrimaryKeyConstraint("sweep", name="pk_sweep_bands"),
    )
    connection = op.get_bind()
    known: dict[str, tuple[str, str]] = {}
    for number, listed in connection.execute(sa.text("SELECT sweep, judgments FROM sweep_judgments")).all():
        digests = [bytes(listed[at : at + WIDTH]).hex() for at in range(0, len(listed), WIDTH)]
        known = _bands(connection, digests, known)
        bands = json.dumps(dict(known[digest] for digest in digests), separators=(",", ":"))
        connection.execute(made.insert().values(sweep=number, bands=bands))


def _bands(
    connection: sa.Connection, digests: list[str], known: dict[str, tuple[str, str]]
) -> dict[str, tuple[str, str]]:
    """Project and band of each of these judgments; those known from the sweep before are not read again."""
    found = {digest: known[digest] for digest in digests if digest in known}
    missing = [digest for digest in digests if digest not in found]
    asked = sa.text("SELECT digest, document FROM judgments WHERE digest IN :some").bindparams(
        sa.bindparam("some", expanding=True)
    )
    for first in range(0, len(missing), AT_ONCE):
        for digest, document in connection.execute(asked, {"some": missing[first : first + AT_ONCE]}):
            judged = json.loads(zlib.decompress(document))
            found[digest] = judged["project"], judged["band"]
    return found


def downgrade() -> None:
    op.drop_table("sweep_bands")
