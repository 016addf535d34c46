"""Bytes into pictures and sound."""
