"""Pages for the staff; include them below the dashboard: `path("dashboard/duties/", include("oscar_tidewaiter.urls"))`."""

from django.urls import path

from . import views

app_name = "oscar_tidewaiter"
urlpatterns = [
    path("", views.Orders.as_view(), name="orders"),
    path("orders/<int:pk>/", views.OrderWhy.as_view(), name="order"),
    path("products/", views.ProductsLacking.as_view(), name="products"),
    path("products/suggest/", views.Suggest.as_view(), name="suggest"),
    path("registrations/", views.Registrations.as_view(), name="registrations"),
]
