"""How the product looks in this school: its name, colour and logo."""
