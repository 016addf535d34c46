"""Long tests of what networks do; `make chaos` runs them."""
