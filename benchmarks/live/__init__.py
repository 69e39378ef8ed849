"""Live delivery measured: `.venv/bin/python -m benchmarks.live --help`.

A generator on one core speaks the protocol to a server on another, looks for the highest rate
that the server holds, and does the same to the bare limit and to Channels' usual pattern.
"""
