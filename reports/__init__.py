"""What people look at, made from domain values: it refuses to read the store, a tool or the network."""
