"""What all tables share: how Python's types are kept, and how constraints are named.

Each module keeps its own rows: typed key columns to look things up by, and the whole value as a JSON document
beside them. Rows never leave this room. What must be unique is a primary key or a unique constraint, so that
the database itself decides between two writers.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from sqlalchemy import (
    Date,
    DateTime,
    Dialect,
    Double,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column

Json = Annotated[str, "a document as JSON text"]
Key = Annotated[str, mapped_column(primary_key=True)]


class Utc(TypeDecorator[datetime]):
    """A point in time: aware when it goes in (anything else is a ValueError), in UTC when it comes out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC; SQLite, which keeps text, gets it without the zone that it would drop anyway."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("a stored time needs a zone")
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC, on every database."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The root of all tables, and what Python types are in the database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        str: String().with_variant(String(collation="C"), "postgresql"),  # ordered as on SQLite
        Json: Text(),
        bytes: LargeBinary(),
        int: Integer(),
        float: Double(),
        date: Date(),
        datetime: Utc(),
    }
