"""A portrait moved as a puppet through its face mesh: known gestures and expressions, to test perception against."""
