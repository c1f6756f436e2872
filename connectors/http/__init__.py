"""The HTTP client for all tools: limits, retries, waits, permitted peers."""
