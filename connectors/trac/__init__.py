"""Trac 1.6 by the JSON-RPC of TracXMLRPC."""
