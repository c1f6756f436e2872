"""The offices' tools, one file each behind one protocol: it refuses to read configuration and to judge."""
