"""Expressions of rules: read, bounded, made exact, and run."""
