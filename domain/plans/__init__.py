"""What offices plan: projects, their items and facts, from one tool or several."""
