"""How strong a cue is."""


def ramp(value: float, zero: float, one: float) -> float:
    """Strength that grows from 0 at ``zero`` to 1 at ``one``, and stays inside."""
    return min(1.0, max(0.0, (value - zero) / (one - zero)))
