"""The tool of an office that plans in a file of Microsoft Project or Primavera."""
