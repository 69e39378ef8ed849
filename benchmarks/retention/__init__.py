"""How quickly what is due is proposed and carried out, and how the chat goes on meanwhile."""
