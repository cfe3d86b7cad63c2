"""The Django app. It registers what tells a shop that something is wrongly configured."""

from django.apps import AppConfig


class TidewaiterConfig(AppConfig):
    name = "oscar_tidewaiter"
    label = "oscar_tidewaiter"
    verbose_name = "Duty, tax and fees"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.core.checks import Tags, register

        from . import checks

        register(checks.settings_table)
        register(checks.hooks)
        register(checks.prices)
        register(checks.decimals_check)
        register(checks.navigation_entries)
        register(checks.templates, Tags.templates)
        register(checks.attributes, Tags.database)
