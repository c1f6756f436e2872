"""One way to speak HTTP with a tool: limits, retries, waits, permitted peers."""
