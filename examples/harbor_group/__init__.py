"""Harbor Group, a fictitious holding: its offices, standards and workbooks, and twelve weeks of its life."""
