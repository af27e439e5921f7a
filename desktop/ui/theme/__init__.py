"""The look: tokens, and what is generated from them.

Painters read ``tokens()`` (colours by role, ``scaled``) and ``font(TYPE_…)`` at every paint; layouts use ``SPACE_…``;
icons are Phosphor's by name (``paint_icon``, ``icon``, ``kind_icon``). Nothing else in the program names a colour.
"""
