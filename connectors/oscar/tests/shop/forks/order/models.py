"""Oscar's orders with a third decimal, for dinars."""

from oscar.apps.order.models import *  # noqa: F403
from oscar.apps.order.models import Line, LinePrice, Order, Surcharge
from oscar_tidewaiter.decimals import keep

keep(3, Order, Line, LinePrice, Surcharge)
