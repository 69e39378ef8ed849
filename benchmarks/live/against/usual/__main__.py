"""Makes the tables, fills in the people, and serves on one process of uvicorn."""

import json
import os
import sys
from pathlib import Path

import uvicorn
from django.core.management import call_command

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.live.against.usual.settings"
    from benchmarks.live.against.usual.asgi import application
    from benchmarks.live.against.usual.people import fill

    for more in ({}, {"run_syncdb": True}):  # Django's own tables, then ours, which refer to them
        call_command("migrate", verbosity=0, **more)
    fill(map(json.loads, Path(os.environ["BENCHMARK_TOKENS"]).read_text().splitlines()))
    uvicorn.run(
        application,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        loop="uvloop",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        access_log=False,
        log_level="warning",
        backlog=2048,
    )
