"""The content of the demo school: people, channels and two years of what they wrote."""
