"""Changed settings, carried into the log.

django-auditlog watches the models and reads the values; what it sees is not written to its own
table, which would keep names and text in the clear for ever. The old and new values stand in a
sealed record, and the log's entry holds its id, its commitment and the names of the fields.

Only `save` and `delete` of a model's instances are seen, as with auditlog itself: a service that
uses `update()` records its own act.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from auditlog.diff import get_field_value
from auditlog.registry import AuditlogModelRegistry
from auditlog.signals import pre_log
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_save

from audit.actions import Action
from audit.canonical import Json
from audit.sealed import seal_record
from audit.services import record

RECORD_CLASS: Final = "setting"

_actor: ContextVar[UUID | None] = ContextVar("audit_changes_actor", default=None)
_watched: dict[type[Model], "Watched"] = {}


class Change(StrEnum):
    """What happened to the row."""

    MADE = "made"
    CHANGED = "changed"
    REMOVED = "removed"


class Watched:
    """The fields of a model that are carried into the log, and at which changes."""

    def __init__(self, fields: Iterable[str], on: Iterable[Change]) -> None:
        self.fields = tuple(fields)
        self.on = frozenset(on)


@contextmanager
def acting(person: UUID | None) -> Iterator[None]:
    """Changes made inside are entered as acts of this person; None is the machine's operator."""
    token = _actor.set(person)
    try:
        yield
    finally:
        _actor.reset(token)


def register(
    model: type[Model], *, fields: Iterable[str], on: Iterable[Change] = tuple(Change)
) -> None:
    """Watch these fields of a model. A service whose own entry says it leaves that change out."""
    _watched[model] = Watched(fields, on)
    _registry.register(model, include_fields=list(_watched[model].fields))


def unregister(model: type[Model]) -> None:
    """Watch a model no longer."""
    _registry.unregister(model)
    del _watched[model]


def refuse_own_table(**_: Any) -> bool:
    """Nothing is ever written to auditlog's own table, whoever registers a model with it."""
    return False


def _made(sender: type[Model], instance: Model, created: bool, **_: Any) -> None:
    if created:
        _carry(sender, instance, Change.MADE, old=None, new=instance)


def _changed(
    sender: type[Model],
    instance: Model,
    update_fields: Iterable[str] | None = None,
    **_: Any,
) -> None:
    if instance._state.adding:
        return
    old = sender._base_manager.filter(pk=instance.pk).first()
    if old is not None:
        _carry(sender, instance, Change.CHANGED, old=old, new=instance, only=update_fields)


def _removed(sender: type[Model], instance: Model, **_: Any) -> None:
    _carry(sender, instance, Change.REMOVED, old=instance, new=None)


def _carry(
    model: type[Model],
    instance: Model,
    change: Change,
    *,
    old: Model | None,
    new: Model | None,
    only: Iterable[str] | None = None,
) -> None:
    if change not in _watched[model].on:
        return
    values = _difference(model, old, new, only)
    if values:
        sealed = seal_record(RECORD_CLASS, {"model": model._meta.label, "values": values})
        record(
            Action.SETTING_CHANGED,
            actor=_actor.get(),
            subject=instance.pk if isinstance(instance.pk, UUID) else None,
            model=model._meta.label,
            fields=tuple(sorted(values)),
            change=change,
            record=sealed.id,
            commitment=sealed.commitment,
        )


def _difference(
    model: type[Model], old: Model | None, new: Model | None, only: Iterable[str] | None
) -> dict[str, Json]:
    names = _watched[model].fields
    wanted = names if only is None else tuple(set(names) & set(only))
    pairs = {name: (_value(old, name), _value(new, name)) for name in wanted}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _value(instance: Model | None, name: str) -> str | None:
    if instance is None:
        return None
    value = get_field_value(instance, instance._meta.get_field(name))
    return None if value is None else str(value)


# A registry of our own, so that auditlog's receivers, which write to its table, are not connected.
_registry: Final = AuditlogModelRegistry(
    create=False,
    update=False,
    delete=False,
    access=False,
    m2m=False,
    custom={post_save: _made, pre_save: _changed, post_delete: _removed},
)
pre_log.connect(refuse_own_table, dispatch_uid="audit.changes.refuse_own_table")
