"""Reads settings and an organization's files into values, and wires the application; refuses unknown keys."""
