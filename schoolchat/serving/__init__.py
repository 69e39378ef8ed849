"""How SchoolChat's processes are started, watched and ended."""
