"""One step for one office or group of things each: calls the domain, then acts; it refuses to hold a law."""
