"""Tests of the engine's processes."""
