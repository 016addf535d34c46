"""Bytes in, signals out: perception of face, voice and words, and the evidence they give. Knows no network and no wire."""
