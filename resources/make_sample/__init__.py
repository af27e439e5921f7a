"""Makes the media of the sample program: ``python -m resources.make_sample``.

The texts of ``resources/sample`` (courses, readings, quizzes) are written by hand; the lectures, their cues, the tiles
and the printable plan come from here. It needs ``requirements/sample.in``, which the application does not.
"""
