import audit.clock
import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_unsealed'),
        ('oversight', '0002_verification'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('number', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=uuid_utils.compat.uuid7, unique=True)),
                ('at', models.DateTimeField(default=audit.clock.now)),
                ('reason', models.CharField(choices=[('daily', 'Every day'), ('asked', 'Asked for'), ('first', 'The first, or somebody’s first')], max_length=5)),
                ('stamp', models.BinaryField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audit.checkpoint')),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['at'], name='oversight_publication_at')],
                'constraints': [
                    models.CheckConstraint(condition=Q(reason='asked', asked_by__isnull=False) | Q(reason__in=['daily', 'first'], asked_by=None), name='oversight_publication_asked'),
                    models.UniqueConstraint(condition=Q(reason='daily'), fields=('checkpoint',), name='oversight_publication_daily'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('number', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=uuid_utils.compat.uuid7, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('way', models.CharField(choices=[('email', 'By e-mail'), ('file', 'Into the folder outside'), ('webhook', 'To the web address outside')], max_length=7)),
                ('address', models.EmailField(blank=True, max_length=254)),
                ('added_at', models.DateTimeField(default=audit.clock.now)),
                ('removed_at', models.DateTimeField(null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('removed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'constraints': [
                    models.CheckConstraint(condition=(Q(way='email') & ~Q(address='')) | Q(way__in=['file', 'webhook'], address=''), name='oversight_recipient_address'),
                    models.CheckConstraint(condition=Q(removed_by=None, removed_at=None) | Q(removed_by__isnull=False, removed_at__isnull=False), name='oversight_recipient_removed'),
                    models.UniqueConstraint(condition=Q(removed_at=None), fields=('way', 'address'), name='oversight_recipient_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('waiting', 'On its way'), ('delivered', 'Delivered'), ('failed', 'Given up')], default='waiting', max_length=9)),
                ('tries', models.IntegerField(default=0)),
                ('last_tried_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, choices=[('not_set_up', 'this way is not set up on the server any more'), ('unreachable', 'it could not be reached'), ('refused', 'it was refused there'), ('occupied', 'another file of that name is there already')], max_length=11)),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='oversight.publication')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='oversight.recipient')),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(condition=Q(state='waiting'), fields=['publication'], name='oversight_delivery_waiting')],
                'constraints': [
                    models.UniqueConstraint(fields=('publication', 'recipient'), name='oversight_delivery_once'),
                    models.CheckConstraint(condition=Q(state='delivered', delivered_at__isnull=False) | Q(state__in=['waiting', 'failed'], delivered_at=None), name='oversight_delivery_delivered'),
                ],
            },
        ),
    ]
