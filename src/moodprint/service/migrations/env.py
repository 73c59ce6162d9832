"""Alembic's way in: migrates over the connection that it is given."""

from alembic import context

from moodprint.service.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite alters tables by copying them
)
context.run_migrations()
