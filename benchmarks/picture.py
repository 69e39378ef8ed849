"""From the first byte of a photo to its thumbnail: `.venv/bin/python -m benchmarks.picture`.

Starts a school of its own in a temporary folder with `serve`, signs in by a token, and uploads a
photo of about 4 MB as the page does: one request to begin, the bytes in one piece, and then the
thumbnail is fetched. Prints each step and the whole against the limit of one second.
"""
