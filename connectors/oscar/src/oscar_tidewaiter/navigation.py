"""The entry for Oscar's dashboard: `OSCAR_DASHBOARD_NAVIGATION.append(DUTIES)`; and who may see which page.

Oscar lets a user see an entry by its own list of pages, on which ours are not: without `access_fn` every page of the dashboard fails.
The permissions are those of Oscar's own pages about orders and products.
"""

from collections.abc import Callable
from typing import Any


def may(*permissions: str) -> Callable[..., bool]:
    """Whether a user of the staff has these permissions; a superuser has all."""
    return lambda user, *_: bool(user.is_active and user.is_staff and user.has_perms(permissions))


SEE_ORDERS, CHANGE_ORDERS = may("order.view_order"), may("order.view_order", "order.change_order")
SEE_PRODUCTS, CHANGE_PRODUCTS = may("catalogue.view_product"), may("catalogue.view_product", "catalogue.change_product")

DUTIES: dict[str, Any] = {
    "label": "Duties", "icon": "fas fa-globe",
    "children": [
        {"label": "What was charged", "url_name": "oscar_tidewaiter:orders", "access_fn": SEE_ORDERS},
        {"label": "What customs must know", "url_name": "oscar_tidewaiter:products", "access_fn": SEE_PRODUCTS},
        {"label": "Registrations", "url_name": "oscar_tidewaiter:registrations", "access_fn": SEE_PRODUCTS},
    ],
}
