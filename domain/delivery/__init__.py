"""What should stand in the offices' tools, and what to do about each such thing."""
