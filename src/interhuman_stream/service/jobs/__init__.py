"""Upload jobs: files that are taken now and analysed when there is time."""
