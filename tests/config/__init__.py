"""Organizations good and bad, settings and the wiring."""
