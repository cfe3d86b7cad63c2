"""Duty, tax and fees at the checkout of django-oscar, asked of a Tidewaiter engine."""

__version__ = "0.1.0"
