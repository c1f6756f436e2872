"""The ledger only grows: triggers refuse to change, delete or empty it, whoever asks.

SQLite deletes rows of `INSERT OR REPLACE` without firing a delete trigger, so there an insert that does
not continue the chain is refused as well.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = {
    "ledger_no_update": """
        BEFORE UPDATE ON ledger BEGIN
            SELECT RAISE(ABORT, 'the ledger only grows: no entry is changed');
        END""",
    "ledger_no_delete": """
        BEFORE DELETE ON ledger BEGIN
            SELECT RAISE(ABORT, 'the ledger only grows: no entry is deleted');
        END""",
    "ledger_in_order": """
        BEFORE INSERT ON ledger
        WHEN NEW.number <> 1 + (SELECT coalesce(max(number), 0) FROM ledger)
            OR NEW.before <>
                coalesce((SELECT hash FROM ledger ORDER BY number DESC LIMIT 1), printf('%064d', 0))
        BEGIN
            SELECT RAISE(ABORT, 'the ledger only grows: an entry continues the newest one');
        END""",
}
POSTGRESQL = {
    "ledger_no_change": "BEFORE UPDATE OR DELETE ON ledger FOR EACH ROW",
    "ledger_no_truncate": "BEFORE TRUNCATE ON ledger FOR EACH STATEMENT",
    "ledger_in_order": "BEFORE INSERT ON ledger FOR EACH ROW",
}
REFUSES = """
CREATE FUNCTION ledger_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.number = 1 + (SELECT coalesce(max(number), 0) FROM ledger)
            AND NEW.before = coalesce((SELECT hash FROM ledger ORDER BY number DESC LIMIT 1), repeat('0', 64))
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'the ledger only grows: an entry continues the newest one' USING ERRCODE = '23514';
    END IF;
    RAISE EXCEPTION 'the ledger only grows: no entry is changed or deleted' USING ERRCODE = '23514';
END $$"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, what in SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {what}")
        return
    op.execute(REFUSES)
    for name, when in POSTGRESQL.items():
        op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION ledger_refuses()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in SQLITE:
            op.execute(f"DROP TRIGGER {name}")
        return
    for name in POSTGRESQL:
        op.execute(f"DROP TRIGGER {name} ON ledger")
    op.execute("DROP FUNCTION ledger_refuses()")
