"""Messages that people saved; each goes with the message that it names."""

import audit.clock
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_personal_key'),
        ('messaging', '0010_waiting_texts'),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedMessage',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('saved_at', models.DateTimeField(default=audit.clock.now)),
                ('key', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='accounts.personalkey')),
                ('message', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='messaging.message')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('key', 'message'), name='messaging_savedmessage_once')],
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE messaging_savedmessage ADD CONSTRAINT messaging_savedmessage_message"
            " FOREIGN KEY (message_id) REFERENCES messaging_message (id) ON DELETE CASCADE",
            migrations.RunSQL.noop,
        ),
    ]
