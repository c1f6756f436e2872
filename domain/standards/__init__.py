"""Versions of standards, how offices tailor them, and how their rules judge."""
