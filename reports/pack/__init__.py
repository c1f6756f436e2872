"""The pack of a report format as files: a page, a workbook, slides, and what other programs read."""
