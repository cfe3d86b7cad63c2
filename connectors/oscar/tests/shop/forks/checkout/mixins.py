from oscar.apps.checkout.mixins import OrderPlacementMixin as CoreOrderPlacementMixin
from oscar_tidewaiter.checkout import DutyPlacementMixin


class OrderPlacementMixin(DutyPlacementMixin, CoreOrderPlacementMixin):
    pass
