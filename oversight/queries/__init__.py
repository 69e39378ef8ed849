"""Questions of oversight: every one starts at the viewer."""
