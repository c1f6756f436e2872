"""Whole plans in files: canonical JSON, Microsoft Project's XML and workbooks both ways, others in or out."""
