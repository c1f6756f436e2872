"""The verbs of the command, as people type them."""
