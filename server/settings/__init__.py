"""Settings: ``base`` is shared; ``embedded``, ``production`` and ``testing`` say where and how it runs."""
