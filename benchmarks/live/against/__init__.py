"""What SchoolChat is measured against. Each speaks as much of its protocol as is needed."""
