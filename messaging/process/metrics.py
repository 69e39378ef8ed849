"""What live delivery counts of itself, for `/metrics`: no content, no person, no channel.

docs/reference/metrics.md lists it all. Counting takes about a microsecond: it is done once a batch
or a frame, never once a delivery.
"""

from typing import Final

from audit.counters import counter, gauge, histogram, known

_MESSAGES: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)

SOCKETS: Final = gauge("sockets", "Websockets of signed-in people that are open.")
HANDSHAKES: Final = counter("handshakes", "Websockets that were opened, signed in or not.")
FRAMES: Final = counter("frames", "Frames that clients sent.", ["type"])
ERRORS: Final = counter("errors", "Frames that were answered with an error.", ["code"])
CLOSED: Final = counter("closed", "Websockets that the server closed.", ["code"])
BEHIND: Final = counter("behind", "Times that a slow reader was told to fetch a channel.")
DELIVERIES: Final = counter("deliveries", "Live frames of channels written to a socket.")
QUEUED: Final = gauge("queue_length", "What waited when a queue was last looked at.", ["queue"])
BATCH: Final = histogram("batch_messages", "Messages committed together.", _MESSAGES)
COMMIT_SECONDS: Final = histogram("commit_seconds", "From taking a batch to its commit.")
DELIVERY_SECONDS: Final = histogram(
    "delivery_seconds", "From a message's arrival to its writing to the sockets of its process."
)
BELL_SECONDS: Final = histogram("doorbell_seconds", "From ringing a bell to hearing it.")


FRAMES_BY_TYPE: Final = known(
    FRAMES,
    "hello",
    "send",
    "edit",
    "delete",
    "react",
    "pin",
    "correct",
    "read",
    "receipts",
    "typing",
    "fetch",
    "ping",
)
ERRORS_BY_CODE: Final = known(
    ERRORS,
    "bad_frame",
    "unknown_type",
    "not_a_member",
    "read_only",
    "not_found",
    "too_long",
    "too_fast",
    "empty",
    "blocked_by_policy",
    "refused",
    "unavailable",
)
CLOSED_BY_CODE: Final = known(CLOSED, "1009", "1012", "1013", "4401", "4403", "4408")
QUEUED_BY_NAME: Final = {queue: QUEUED.labels(queue) for queue in ("ingest", "reads", "moods")}
