"""Sources of media, as segments."""
