"""`python -m interhuman_stream` is `interhuman-stream`."""

from interhuman_stream.cli import main

main()
