"""What all tests share."""

import os

from hypothesis import settings

# No deadline: these machines are shared, and a slow moment is no failure.
settings.register_profile("moodprint", deadline=None, max_examples=50)
settings.load_profile("moodprint")

# The terminal that tests are started from says nothing about what they expect; those that are about
# width or colour set their own.
for _name in ("COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
    os.environ.pop(_name, None)
