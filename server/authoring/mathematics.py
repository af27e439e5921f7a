"""Markdown rules that leave mathematics as it is: ``$…$``, ``$$…$$``, ``\\(…\\)`` and ``\\[…\\]``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_INLINE = re.compile(
    # Within bounds: an opening without an end would be looked for through the whole text, for each of them
    r"\$\$(?!\s*\$).{1,5000}?\$\$"
    # As in Pandoc: no space inside the dollars, no digit after, so that prices stay prices; and no code within
    r"|\$(?![\s$])(?:[^$\\`]|\\.){0,2000}?(?<!\s)\$(?!\d)"
    r"|\\\(.{1,2000}?\\\)"
    r"|\\\[.{1,5000}?\\\]",
    re.DOTALL,
)
_BLOCK_ENDS = {"$$": "$$", "\\[": "\\]"}


def keep_mathematics(markdown: MarkdownIt) -> None:
    """Teach the parser to pass mathematics through, escaped for HTML."""
    markdown.inline.ruler.before("escape", "mathematics", _inline_rule)
    markdown.block.ruler.before(
        "fence", "mathematics", _block_rule, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    markdown.add_render_rule("mathematics_inline", _render_inline)
    markdown.add_render_rule("mathematics_block", _render_block)


def _inline_rule(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    match = _INLINE.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("mathematics_inline", "", 0).content = match.group()
    state.pos = match.end()
    return True


def _block_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start):
        return False
    first = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    closing = _BLOCK_ENDS.get(first[:2])
    if closing is None:
        return False
    for line in range(start, end):
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()
        if text.endswith(closing) and (line > start or len(text) >= 4):
            break
    else:
        return False
    if not silent:
        token = state.push("mathematics_block", "", 0)
        token.content = state.getLines(start, line + 1, state.blkIndent, False).strip()  # noqa: FBT003
        token.map = [start, line + 1]
    state.line = line + 1
    return True


def _render_inline(_self: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    return escapeHtml(tokens[index].content)


def _render_block(_self: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    return f"<p>{escapeHtml(tokens[index].content)}</p>\n"
