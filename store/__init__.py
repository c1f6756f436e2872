"""What Interoffice remembers, in tables behind repositories of domain values: it refuses to decide."""
