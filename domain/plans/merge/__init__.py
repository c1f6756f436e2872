"""The three-way merge of plans: what a new version changes in an office's plan, leaves, or asks."""
