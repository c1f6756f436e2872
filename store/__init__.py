"""What Interoffice remembers, in tables behind repositories of domain values: it refuses to decide."""

from store.anchor import NAME as HEAD_FILE
from store.anchor import HeadFile
from store.database import Store
from store.unit import Unit

__all__ = ["HEAD_FILE", "HeadFile", "Store", "Unit"]
