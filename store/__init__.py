"""What Interoffice remembers, in tables behind repositories of domain values: it refuses to decide."""

from store.database import Store
from store.unit import Unit

__all__ = ["Store", "Unit"]
