"""No nouns of its own: Django emits post_migrate only for apps with a models module."""
