"""Learners move to new versions: the zone of due times stays known, notes keep their item's title."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def take_zones_from_deadlines(apps: Any, _editor: Any) -> None:
    """Due times say in which zone they were asked for; those without any are in UTC."""
    enrollment, deadline = apps.get_model("learning", "Enrollment"), apps.get_model("learning", "Deadline")
    said = deadline.objects.filter(user=OuterRef("user"), course=OuterRef("course")).order_by("-pk")
    rows = enrollment.objects.annotate(said=Subquery(said.values("zone")[:1])).exclude(said=None)
    for key, zone in rows.values_list("pk", "said").iterator():
        enrollment.objects.filter(pk=key).update(zone=zone)


class Migration(migrations.Migration):
    dependencies = [("learning", "0001_initial")]

    operations = [
        migrations.AddField("enrollment", "zone", models.CharField(default="UTC", max_length=64)),
        migrations.AddField("note", "item_title", models.CharField(blank=True, default="", max_length=300)),
        migrations.AddField("savedcourse", "saved", models.BooleanField(default=True)),
        migrations.AddIndex(
            "enrollment", models.Index(fields=["course", "state", "version"], name="learners_on_a_version")
        ),
        migrations.AddIndex(
            "ledgerentry", models.Index(fields=["user", "device_id", "sequence"], name="last_of_a_device")
        ),
        migrations.RunPython(take_zones_from_deadlines, migrations.RunPython.noop, elidable=True),
    ]
