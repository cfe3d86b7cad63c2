"""Oscar's stock with a third decimal, for dinars."""

from oscar.apps.partner.models import *  # noqa: F403
from oscar.apps.partner.models import StockRecord
from oscar_tidewaiter.decimals import keep

keep(3, StockRecord)
