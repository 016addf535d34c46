"""What a checkout has beside the package: how the sample is made, what is measured, what is generated. Never installed.

Each tool runs from the checkout's top as ``python -m tools.NAME``; the Makefile has a target for most.
"""
