"""The load generator: `python3 -m benchmarks.live.generator`. It needs the standard library only,
and no newer Python than 3.11, so that a distribution's quicker build can run it."""
