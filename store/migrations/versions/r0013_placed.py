"""The day on which a question was placed in its tool: of those that stand there, when they were asked."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

QUESTIONS = sa.table("questions", sa.column("id", sa.String), sa.column("document", sa.Text))
INTENTS = sa.table(
    "intents", sa.column("key", sa.String), sa.column("state", sa.String), sa.column("document", sa.Text)
)


def upgrade() -> None:
    connection = op.get_bind()
    asked = sa.select(QUESTIONS.c.id, QUESTIONS.c.document, INTENTS.c.state, INTENTS.c.document)
    both = asked.join(INTENTS, INTENTS.c.key == QUESTIONS.c.id)
    for key, text, state, intent in connection.execute(both).all():
        if state == "done" or json.loads(intent).get("delivered") is not None:
            question = json.loads(text)
            question["placed"] = question["asked"]
            changed = sa.update(QUESTIONS).where(QUESTIONS.c.id == key)
            connection.execute(changed.values(document=json.dumps(question, separators=(",", ":"))))


def downgrade() -> None:
    connection = op.get_bind()
    placed = QUESTIONS.c.document.contains('"placed":')
    for key, text in connection.execute(sa.select(QUESTIONS.c.id, QUESTIONS.c.document).where(placed)).all():
        question = json.loads(text)
        question.pop("placed", None)
        changed = sa.update(QUESTIONS).where(QUESTIONS.c.id == key)
        connection.execute(changed.values(document=json.dumps(question, separators=(",", ":"))))
