"""The presets as they stand in data; a rule that the school approved stays as it is."""

from django.db import migrations

from retention.due.terms import Term, Trigger, is_as_long
from retention.presets import presets_for

_STRICTER = ("dispose", "review", "keep")


def load_presets(apps, schema_editor):
    """A preset that nobody approved gets its new version: in a school where something is written
    already, only if that keeps nothing for less long. Two people do the rest."""
    policy = apps.get_model("retention", "Policy")
    in_use = apps.get_model("messaging", "Message").objects.exists()
    for preset in presets_for("england", "maintained"):
        versions = policy.objects.filter(record_class=preset.record_class)
        former = versions.order_by("-version").first()
        approved = versions.exclude(approved_by=None).exists()
        if former and (approved or (in_use and _keeps_less(preset, former))):
            continue
        if former and all(getattr(former, name) == value for name, value in vars(preset).items()):
            continue
        policy.objects.create(version=former.version + 1 if former else 1, **vars(preset))


def _keeps_less(preset, former):
    if preset.action != former.action:
        return _STRICTER.index(preset.action) < _STRICTER.index(former.action)
    term = Term(trigger=Trigger(former.trigger), months=former.months, days=former.days)
    return not is_as_long(preset.term, term)


class Migration(migrations.Migration):
    dependencies = [("retention", "0013_proposals"), ("messaging", "0018_pairs")]

    operations = [migrations.RunPython(load_presets, migrations.RunPython.noop)]
