"""What can go wrong in an evaluation: the data is not there, or not in the layout its makers published."""

from __future__ import annotations

from interhuman_stream.faults import Fault


class EvaluationError(Fault):
    """Something the user can mend; the message says what was expected and where."""
