"""Who may correct other people's messages."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_school'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='user',
            options={'default_permissions': (), 'ordering': ('display_name', 'id'), 'permissions': (('use_safeguarding_desk', 'May use the safeguarding desk'), ('use_records', 'May ask for exports and see holds and disposals'), ('approve_records', 'May approve exports, disposals and releases of holds'), ('correct_records', "May correct anybody's message by a note under it"), ('read_log', 'May read the log'), ('read_log_names', "May see the names behind the log's ids"), ('manage_people', 'May invite and deactivate people'), ('manage_school', 'May change the settings of the school'), ('request_role', "May ask for somebody's role"), ('grant_role', 'May grant a role that somebody else asked for'))},
        ),
    ]
