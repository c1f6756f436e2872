"""Redmine (5.0 and later) by its REST interface."""
