"""What is open now: streams and uploads, and who is let in."""
