"""Numbers of the log begin where they are given out: nothing stands before the beginning."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0003_tree'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('id__gt', 0)), name='audit_entry_numbered'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('index__gte', 0), ('version__gte', 0)), name='audit_item_numbered'),
        ),
        migrations.AddConstraint(
            model_name='leaf',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 0)), name='audit_leaf_numbered'),
        ),
    ]
