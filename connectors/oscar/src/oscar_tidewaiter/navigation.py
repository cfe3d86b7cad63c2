"""The entry for Oscar's dashboard: `OSCAR_DASHBOARD_NAVIGATION.append(DUTIES)`.

Oscar lets a user see an entry by its own list of pages, on which ours are not: without `access_fn` every page of the dashboard fails.
"""

from typing import Any


def is_for(user: Any, *_: Any) -> bool:
    return bool(user.is_active and user.is_staff)


DUTIES: dict[str, Any] = {
    "label": "Duties", "icon": "fas fa-globe", "access_fn": is_for,
    "children": [
        {"label": "What was charged", "url_name": "oscar_tidewaiter:orders", "access_fn": is_for},
        {"label": "What customs must know", "url_name": "oscar_tidewaiter:products", "access_fn": is_for},
        {"label": "Registrations", "url_name": "oscar_tidewaiter:registrations", "access_fn": is_for},
    ],
}
