"""What is done to the service by those who mean ill, and what it may never do itself."""
