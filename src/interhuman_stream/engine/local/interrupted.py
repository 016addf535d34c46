"""Loaded first by what forks the workers: Ctrl-C while it loads the rest ends it at once, without a trace.

It was started with interrupts held back (see process.py), for Python's own start shows one as well. Once all is loaded
it ignores them (multiprocessing/forkserver.py), and so does each worker.
"""

import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
