"""Bytes in, signals out: perception of face, voice and words, and their evidence. Knows no network and no wire."""
