"""The puppet bench: known gestures on known faces, under known conditions, against the cues the engine finds."""
