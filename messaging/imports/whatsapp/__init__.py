"""WhatsApp's 'Export chat' files. Pure: bytes in, values out, no database and no Django."""
