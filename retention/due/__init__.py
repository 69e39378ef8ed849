"""When what is kept falls due, and how the days until then are counted. Pure."""
