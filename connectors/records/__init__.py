"""Plain typed values and the reader of tables of them: no Excel, no HTTP."""
