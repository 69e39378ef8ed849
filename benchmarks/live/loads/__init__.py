"""The loads that `--load` names."""
