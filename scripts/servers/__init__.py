"""A real Redmine and a real Trac on loopback, for tests, benches and a live sample; no part of the product.

All of their data lies below var/servers, and `servers.json` there says where they are and with which keys.
They are never started for other machines, and nothing is ended that was not started here.
"""
