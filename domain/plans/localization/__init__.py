"""A template becomes an office's plan: the office's answers, and the plan that follows from them."""
