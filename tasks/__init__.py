"""One step for one office or chunk each: asks the domain, then acts; it refuses to hold a law of its own."""
