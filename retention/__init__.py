"""What is kept, for how long, and who may take it out."""
