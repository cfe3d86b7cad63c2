from django.apps import apps
from django.urls import include, path

urlpatterns = [
    path("dashboard/duties/", include("oscar_tidewaiter.urls")),
    path("", include(apps.get_app_config("oscar").urls[0])),
]
