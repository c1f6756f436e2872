"""What a server has, asked once when an office is set up: its kind, projects, fields and statuses."""
