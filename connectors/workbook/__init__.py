"""The tool of an office that plans in one .xlsx workbook."""
