"""Settings for every test."""

from hypothesis import settings

# A busy machine is no defect: how long a test may take is pytest-timeout's affair.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
