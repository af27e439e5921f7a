"""Frozen views rich enough to judge a page by."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from desktop.models.views import (
    ActionRecord,
    CatalogGroupView,
    CatalogView,
    CourseCard,
    CourseTile,
    DescriptionView,
    HomeView,
    InvitationView,
    ItemRow,
    LearnerView,
    LessonView,
    ModuleView,
    NetworkStep,
    NextStep,
    OutboxEntry,
    OutlineView,
    ProgramView,
    ResourceView,
    SyllabusWeekView,
    SyncRound,
    SyncStatus,
    WeekView,
)
from tests.desktop.ui.fakes import NOW

LONG = ("A title that goes on and on, as titles of courses sometimes do when a committee has written them, " * 3)[:200]

PROGRAM = ProgramView(
    "sample",
    "Field staff learning",
    "Harbour Health",
    welcome="Courses for everybody who works away from the office. Take them along.",
    support_email="support@example.org",
    admin_email="learning@example.org",
)
LEARNER = LearnerView("a1", "Amina Okafor", "amina@example.org", "https://learn.example.org", (PROGRAM,))
INVITATION = InvitationView(
    "t1",
    "https://learn.example.org",
    "open",
    PROGRAM,
    "amina@example.org",
    "Amina Okafor",
    ("At least 10 characters", "Not only digits", "Not one of the passwords that everybody uses"),
    account_exists=False,
    expires_at=NOW + timedelta(days=12),
)

CARDS = (
    CourseCard(
        "c1",
        "SQL: asking tables questions",
        "Haversack Open School",
        "course",
        "active",
        "e1",
        percent=62,
        due_this_week=2,
        next_step=NextStep("i3", "video", "Joining tables", 7, 191_000, started=True),
        offline="ready",
        unenroll_until=NOW + timedelta(days=5),
    ),
    CourseCard(
        "c2",
        "Study well offline",
        "Haversack Open School",
        "course",
        "active",
        "e2",
        percent=18,
        overdue=True,
        due_this_week=1,
        next_step=NextStep("i7", "graded_quiz", "What we keep and what we forget", 12),
        offline="part",
        unenroll_until=NOW - timedelta(days=3),
    ),
    CourseCard("c3", "Clean water in small towns", "University of the Coast", "course", "active", "e3", pending=True),
    CourseCard(
        "c4",
        "Plan a vaccination day",
        "Harbour Health",
        "guided_project",
        "active",
        "e4",
        opens_at=NOW + timedelta(days=20),
    ),
    CourseCard("c5", "Reading maps", "Institute of Geography", "course", "saved"),
    CourseCard("c6", "First aid refresher", "Harbour Health", "course", "completed", "e6", percent=100),
    CourseCard(
        "c7",
        "Negotiation basics",
        "Trade School",
        "course",
        "active",
        "e7",
        refused="All places of this course are taken until January.",
    ),
)
HOME = HomeView(LEARNER, PROGRAM, CARDS)
EMPTY_HOME = HomeView(LEARNER, PROGRAM)

_TITLES = (
    ("SQL: asking tables questions", "Haversack Open School", "beginner", ("SQL", "Data"), 420, 4.7, 212, "enrolled"),
    ("Study well offline", "Haversack Open School", "beginner", ("Planning", "Recall"), 180, 4.8, 96, "enrolled"),
    ("Clean water in small towns", "University of the Coast", "intermediate", ("Water", "Planning"), 960, 4.4, 58, ""),
    ("Plan a vaccination day", "Harbour Health", "mixed", ("Planning", "Health"), 240, 0.0, 0, ""),
    ("Reading maps", "Institute of Geography", "beginner", ("Maps",), 300, 4.1, 33, "saved"),
    ("First aid refresher", "Harbour Health", "mixed", ("Health",), 150, 4.9, 640, "completed"),
    ("Negotiation basics", "Trade School", "intermediate", ("Talking",), 360, 3.9, 17, ""),
    ("Solar power for clinics", "University of the Coast", "advanced", ("Energy",), 1260, 4.6, 71, ""),
    ("Budgets that hold", "Trade School", "beginner", ("Money", "Planning"), 330, 4.2, 45, ""),
    ("Écrire un rapport clair", "École du Nord", "intermediate", ("Writing",), 270, 4.5, 29, ""),
)


def tiles(count: int = len(_TITLES)) -> tuple[CourseTile, ...]:
    """So many courses."""
    found = []
    for number in range(count):
        title, partner, level, skills, minutes, rating, voters, mark = _TITLES[number % len(_TITLES)]
        turn = number // len(_TITLES)
        found.append(
            CourseTile(
                f"c{number + 1}",
                f"{title} {turn + 1}" if turn else title,
                partner,
                "guided_project" if "Plan a" in title else "course",
                "What one has to know, in small steps, with exercises from daily work.",
                level,
                "fr" if "É" in title else "en",
                ("en", "fr", "ar") if number % 3 == 0 else ("en",),
                skills,
                minutes,
                max(1, minutes // 120),
                rating,
                voters,
                is_new=number % 7 == 3,
                mark=mark if not turn else "",
            )
        )
    return tuple(found)


TILES = tiles()
CATALOG = CatalogView(
    PROGRAM,
    (CatalogGroupView("Start here", TILES[:3]), CatalogGroupView("For your clinic", TILES[3:6])),
    TILES,
    synced=True,
)

DESCRIPTION = DescriptionView(
    TILES[2],
    "sample",
    complete=True,
    about_html=(
        "<p>Most small towns have water, and many have water that makes people ill. This course follows it "
        "from the spring to the cup and shows at each step what can go wrong and what can be measured with "
        "simple means.</p><p>You learn to take samples, to read a test strip, to disinfect a well and to "
        "explain to a council what a chlorine pump costs and saves. Each week ends with a task from a real "
        "town.</p><p>You need no chemistry. Bring a bucket, a bottle with a lid, and somebody who will listen"
        " to you explaining.</p><p>The last week is yours: you write a plan for one source that you know, and"
        " two others who take the course read it.</p>"
    ),
    instructors=(("Course team", "University of the Coast"),),
    syllabus=(
        SyllabusWeekView(1, "From the spring to the cup", "How water gets dirty on its way.", 190, 5, 3, 1, 0),
        SyllabusWeekView(2, "Measuring with simple means", "", 240, 6, 2, 1, 1),
        SyllabusWeekView(3, "Disinfection", "Chlorine, heat, light.", 260, 6, 4, 2, 0),
        SyllabusWeekView(4, "A plan for one source", "", 270, 2, 1, 0, 2),
    ),
    review_count=12,
)


def _row(number: int, kind: str, title: str, minutes: int, **more: object) -> ItemRow:
    return replace(ItemRow(f"i{number}", "c1", kind, title, minutes), **more)


WEEK_1 = WeekView(
    1,
    "One table",
    "done",
    NOW - timedelta(days=8),
    96,
    0,
    0,
    (
        ModuleView(
            "Rows and columns",
            "What a table is, and how to ask it for less.",
            (
                LessonView(
                    "First questions",
                    (
                        _row(1, "video", "Welcome", 3, state="done", offline="ready"),
                        _row(2, "reading", "How to read a query", 8, state="done", offline="ready"),
                    ),
                ),
            ),
        ),
    ),
    18_400_000,
    18_400_000,
    "ready",
)
WEEK_2 = WeekView(
    2,
    "Two tables",
    "current",
    NOW - timedelta(days=1),
    145,
    13,
    20,
    (
        ModuleView(
            "Joining",
            "Two tables that share a key can answer what neither knows alone.",
            (
                LessonView(
                    "When keys meet",
                    (
                        _row(3, "video", "Joining tables", 7, state="started", offline="part"),
                        _row(4, "video", "Left, right, full", 6, offline="queued"),
                        _row(5, "reading", "Five joins by hand", 20),
                        _row(6, "practice_quiz", "Check yourself", 5, state="done", grade_percent=83.33, passed=True),
                    ),
                ),
                LessonView(
                    "Counting groups",
                    (
                        _row(7, "graded_quiz", "Joins and groups", 25, weight=20.0, due_at=NOW + timedelta(days=6)),
                        _row(
                            8,
                            "assignment",
                            "Ask your own data",
                            60,
                            weight=30.0,
                            due_at=NOW - timedelta(days=1),
                            overdue=True,
                        ),
                        _row(9, "external_tool", "Query a museum", 30, required=False),
                        _row(10, "hologram", "A thing of the future", 10, known=False, required=False),
                    ),
                ),
            ),
        ),
    ),
    64_000_000,
    9_500_000,
    "part",
)
WEEK_3 = WeekView(3, "Many tables", "todo", NOW + timedelta(days=6), 130, 40, 15, (), 52_000_000, 0)
WEEK_4 = WeekView(4, "Your own question", "todo", NOW + timedelta(days=13), 90, 20, 10, (), 30_000_000, 0)
OUTLINE = OutlineView(
    "c1",
    "e1",
    "SQL: asking tables questions",
    "Haversack Open School",
    ready=True,
    percent=38,
    welcome_html="<p>Tables answer questions, if one knows how to ask. In four weeks you will ask your own.</p>"
    "<p>Take twenty minutes a day rather than three hours on Sunday.</p>",
    instructors=("Haversack Open School",),
    weeks=(WEEK_1, WEEK_2, WEEK_3, WEEK_4),
    next_step=NextStep("i3", "video", "Joining tables", 7, 191_000, started=True),
    overdue=1,
    resources=(
        ResourceView("Cheat sheet", asset="ab", size=180_000),
        ResourceView("The museum's tables", url="https://example.org/tables"),
    ),
    version="3f9a12b4c5d6e7f8",
)

AWAY = SyncStatus(
    "held_up",
    waiting=2,
    refused=1,
    last_success=NOW - timedelta(hours=3),
    since=NOW - timedelta(minutes=40),
    next_try=NOW + timedelta(minutes=2),
    code="server_fault",
    text="Your program's server is out of order at the moment.",
    way_out="Nothing is lost: Haversack tries again by itself.",
)
OUTBOX = (
    OutboxEntry(
        "o1",
        "save_note",
        "Joining two tables",
        "The key decides. Ask: what names a row?",
        NOW - timedelta(minutes=9),
        "waiting",
        can_undo=True,
        course_title="Introduction to SQL",
        has_text=True,
        actions=("o1",),
    ),
    OutboxEntry(
        "o2",
        "watch",
        "Joining two tables",
        "3:12",
        NOW - timedelta(minutes=12),
        "sending",
        course_title="Introduction to SQL",
        stopped_at="4:20",
        actions=("o2", "o3"),
    ),
    OutboxEntry(
        "o4",
        "save_note",
        "Welcome",
        LONG,
        NOW - timedelta(days=1),
        "refused",
        reason="This note is longer than the program allows.",
        way_out="Make it shorter and send it again.",
        course_title="Introduction to SQL",
        has_text=True,
        actions=("o4",),
    ),
    OutboxEntry(
        "o5",
        "submit_attempt",
        "Check yourself: joins",
        "6",
        NOW - timedelta(days=2),
        "set_aside",
        reason="All attempts at this quiz were used.",
        way_out="The best of them counts.",
        has_text=True,
        actions=("o5",),
    ),
    OutboxEntry(
        "o7",
        "save_note",
        "Why tables",
        "A table is a question that was asked before.",
        NOW - timedelta(days=3),
        "ahead",
        reason="The server does not know this kind of action.",
        can_undo=True,
        has_text=True,
        actions=("o7",),
    ),
    OutboxEntry(
        "o6",
        "complete_item",
        "Why tables",
        "",
        NOW - timedelta(hours=5),
        "sent",
        NOW - timedelta(hours=3),
        actions=("o6",),
    ),
)
LOG = (
    ActionRecord("o1", "save_note", "waiting", NOW - timedelta(minutes=9), 0, title="Joining two tables"),
    ActionRecord("o2", "watch", "sending", NOW - timedelta(minutes=12), 3, title="Joining two tables"),
    ActionRecord("o4", "save_note", "refused", NOW - timedelta(days=1), 1, code="bad_request", title="Welcome"),
    ActionRecord("o6", "complete_item", "settled", NOW - timedelta(hours=5), 1, NOW - timedelta(hours=3), title=LONG),
)
STEPS = (
    NetworkStep("proxy", "ok", 2, "gate.example.org:3128"),
    NetworkStep("name", "ok", 14, "learn.example.org"),
    NetworkStep("server", "failed", 8_014, "", "timeout", "Your program took too long to answer.", "Try again."),
    NetworkStep("signed_in", "skipped"),
)
ROUNDS = (SyncRound(NOW - timedelta(minutes=1), 8_014, "timeout"), SyncRound(NOW - timedelta(minutes=2), 230))
REPORT = "Haversack report\n\nProgram\n-------\nsystem: Linux\n" + "2026-11-24T09:59:00 round 8014 ms timeout\n" * 30
