"""Search in sealed text: keyed tokens, encrypted vocabularies, and the proof on the plaintext."""
