"""A Brazilian electricity distributor: one workbook for all regions, a sheet for each, and one office above."""
