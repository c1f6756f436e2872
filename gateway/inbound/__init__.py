"""Webhooks in: received, verified, kept, and dispatched as runs."""
