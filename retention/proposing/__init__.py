"""What is due, and the plan of a proposal."""
