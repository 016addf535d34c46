"""What the service holds, and what the command line relays: benches that run for minutes and need a checkout.

``python -m tools.load streams``, ``relay``, ``soak`` and ``kills``; ``--help`` says what each measures. What they
printed, and when, stands in docs/benchmarks.md.
"""
