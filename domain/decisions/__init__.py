"""Decisions: what is asked, who may decide, and whether it is decided."""
