"""Directives: one-off instructions of a strategic office, followed addressee by addressee until a day."""
