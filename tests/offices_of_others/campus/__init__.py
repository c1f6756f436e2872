"""A Swedish university's building program: two campuses below a building department."""
