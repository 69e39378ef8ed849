"""Channels' usual pattern, as its tutorial has it: a consumer a socket, a group a channel, one ORM
insert a message in a thread, and Redis between. `python -m benchmarks.live.against.usual PORT`."""
