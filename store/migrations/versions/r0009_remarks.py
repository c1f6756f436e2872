"""What was remarked in questions, as values: until now it was looked for in their texts."""

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NOT_UNDERSTOOD = " The answer was not understood: "
NO_LONGER_COUNTS = " The answer that was given does not count any more: who gave it is no approver now."
NO_APPROVER = " wrote does not count: it is no approver's account (people.yaml)."
WHO = re.compile(rf" What ((?:(?! What ).)+?){re.escape(NO_APPROVER)}", re.DOTALL)
"""Whom the remark names that ends so; of words that begin alike, those next to its end."""

QUESTIONS = sa.table("questions", sa.column("id", sa.String), sa.column("document", sa.Text))


def remarks(text: str) -> list[dict[str, str]]:
    found = [{"kind": "not_understood", "about": ""}] if NOT_UNDERSTOOD in text else []
    found += [{"kind": "no_approver", "about": account} for account in dict.fromkeys(WHO.findall(text))]
    if NO_LONGER_COUNTS in text:
        found.append({"kind": "no_longer_counts", "about": ""})
    return found


def upgrade() -> None:
    connection = op.get_bind()
    document = QUESTIONS.c.document
    told = sa.or_(*(document.contains(each) for each in (NOT_UNDERSTOOD, NO_LONGER_COUNTS, NO_APPROVER)))
    for key, text in connection.execute(sa.select(QUESTIONS.c.id, document).where(told)).all():
        question = json.loads(text)
        question["remarks"] = remarks(question["text"])
        changed = sa.update(QUESTIONS).where(QUESTIONS.c.id == key)
        connection.execute(changed.values(document=json.dumps(question, separators=(",", ":"))))


def downgrade() -> None:
    """The older form reads the texts, which are the same, and passes over what it does not know."""
