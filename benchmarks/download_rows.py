"""``python -m benchmarks.download_rows FOLDER``: a learner enrolled in a course whose files lie in ``FOLDER``, in the
database of the settings; prints one JSON object: ``{"token": access token}``. The files are named by their hashes and
moved into the media folder.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

COURSE = "files"


def main(folder: Path) -> None:
    """Migrate, make the rows, print the token."""
    import django

    django.setup()
    from django.core.management import call_command

    from protocol.accounts import Device
    from protocol.ids import DeviceId, new_uuid7
    from server.accounts.models import User
    from server.accounts.tokens import start_session
    from server.catalog.blobs import blob_path
    from server.catalog.models import Blob, Course, CourseBlob, CourseVersion
    from server.learning.models import Enrollment
    from server.programs.models import Membership, Organization, Program

    call_command("migrate", verbosity=0, interactive=False)
    organization = Organization.objects.create(name="Files")
    program = Program.objects.create(id="files", organization=organization, name="Files")
    course = Course.objects.create(id=COURSE, program=program, title="Files", partner="Files")
    version = CourseVersion.objects.create(sha256="0" * 64, course=course, manifest=b"{}")
    course.version = version
    course.save()
    rows = []
    for file in folder.iterdir():
        rows.append(Blob(sha256=file.name, size=file.stat().st_size, media_type="text/vtt"))
        target = blob_path(file.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)
    Blob.objects.bulk_create(rows)
    CourseBlob.objects.bulk_create([CourseBlob(course=course, blob=row) for row in rows])
    user = User.objects.create(email="learner@example.org", name="Learner")
    Membership.objects.create(program=program, user=user)
    now = datetime.now(UTC)
    moments = {"enrolled_at": now, "session_starts_at": now, "unenroll_until": now}
    Enrollment.objects.create(user=user, public_id="e", course=course, program=program, version=version, **moments)
    device = Device(id=DeviceId(new_uuid7()), name="benchmark")
    print(json.dumps({"token": start_session(user, device).access_token}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
