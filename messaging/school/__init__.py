"""What the school has settled for everybody: what is shown of people."""
