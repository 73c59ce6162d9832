"""What all tests share."""

from hypothesis import settings

# No deadline: these machines are shared, and a slow moment is no failure.
settings.register_profile("moodprint", deadline=None, max_examples=50)
settings.load_profile("moodprint")
