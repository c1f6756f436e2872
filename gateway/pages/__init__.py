"""Pages for people: reports by personal links, and the sign-in page."""
