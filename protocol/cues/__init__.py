"""Cues of lectures: reading and writing files of them, what is said when, finding, paragraphs and chapters. Pure.

Both sides need it: the server judges what an author brings by the very reader that the learner's computer has, and on
that computer the player, the search index and the export read the same files. Nothing here touches a disk, a thread
or a clock, and no file, however broken, raises an error.
"""
