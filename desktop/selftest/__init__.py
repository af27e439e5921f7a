"""``haversack selftest``: does this installation play lectures on this computer?

It judges every package as well, so it uses nothing but what ships. ``watch`` starts ``run`` as a process of its own:
what is broken in a package seldom fails politely.
"""
