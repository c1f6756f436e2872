"""The pages per role as HTML."""
