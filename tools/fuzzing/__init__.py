"""Damaged media for the service: seeds, what is done to them, and the sessions that send them."""
