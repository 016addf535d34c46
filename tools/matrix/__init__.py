"""The same ten seconds of talk in every container and codec, and what comes of them on every way into the engine."""
