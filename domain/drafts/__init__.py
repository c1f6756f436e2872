"""Drafts of versions: how they are consulted on, answered for and approved before they are published."""
