"""What Alembic runs to reach the tables: on the connection that it is given, and on no other."""

from alembic import context

from store.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
