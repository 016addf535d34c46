"""The engine: workers, their limits, and what they may not do."""
