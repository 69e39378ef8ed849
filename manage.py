#!/usr/bin/env python
"""SchoolChat's commands: each as its own database role, with the embedded database running."""

import sys

from schoolchat.serving.commands import run_command

if __name__ == "__main__":
    sys.exit(run_command(sys.argv))
