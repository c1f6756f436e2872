"""A Polish group of hospitals: three offices, three workbooks of three kinds."""
