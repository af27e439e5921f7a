"""Feeds and actions: what a client asks for all the time."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from msgspec.structs import replace

from protocol.actions import ActionBatch
from protocol.feeds import LEARNER_FEED, PAGE_LIMIT
from server.api.answers import answer
from server.api.requests import body_of, session_of_request
from server.feeds.reading import read_page
from server.feeds.writing import learner_feed_name
from server.learning.ledger import judge_batch
from server.learning.marks import mark_for, refuse_if_restored
from server.programs.joining import require_membership
from server.refusals import bad_request, not_found


def show_feed(request: HttpRequest, feed: str) -> HttpResponse:
    """``GET /v1/feeds/{feed}?after=&limit=``."""
    user = session_of_request(request).user
    if feed == LEARNER_FEED:
        name = learner_feed_name(user.pk)
    elif feed.startswith("program:"):
        require_membership(user, feed.removeprefix("program:"))
        name = feed
    else:
        raise not_found()
    limit = request.GET.get("limit", str(PAGE_LIMIT))
    if not (limit.isascii() and limit.isdecimal() and int(limit[:6]) > 0):
        raise bad_request("limit must be a number from 1 on")
    page = read_page(name, feed, request.GET.get("after", ""), int(limit[:6]))
    etag = f'"{page.cursor}"'
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")}
    response = HttpResponseNotModified() if not page.changes and etag in known else answer(page)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def send_actions(request: HttpRequest) -> HttpResponse:
    """``POST /v1/actions``."""
    user = session_of_request(request).user
    batch = body_of(request, ActionBatch)
    refuse_if_restored(user, batch.mark)
    result = judge_batch(user, batch)
    return answer(replace(result, mark=mark_for(user, (action.id for action in batch.actions))))
