"""Where processes run, and what may be concluded about one that cannot be looked at."""
