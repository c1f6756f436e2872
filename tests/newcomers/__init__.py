"""Offices that begin with their own files alone: workbooks of three languages and a plan of Microsoft Project."""
