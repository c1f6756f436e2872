"""Questions to offices: what is asked, how an answer is understood, what follows from it."""
