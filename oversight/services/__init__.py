"""What is done with authority over others; every act is an entry in the log."""
