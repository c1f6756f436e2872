"""The command `interoffice`, a verb per module: it refuses to do what a flow or a law does elsewhere."""
