"""Taking a picture of every page, in parts: docs/take_screenshots.py puts them together."""
