"""What each role reads: the board, a director, a program manager, an office's head, a project manager."""
