"""Pages for people: reports by personal links, and signing in."""
