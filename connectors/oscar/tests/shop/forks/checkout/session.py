from oscar.apps.checkout.session import CheckoutSessionMixin as CoreCheckoutSessionMixin
from oscar_tidewaiter.checkout import DutySessionMixin


class CheckoutSessionMixin(DutySessionMixin, CoreCheckoutSessionMixin):
    pass
