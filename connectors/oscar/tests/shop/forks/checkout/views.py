from oscar.apps.checkout.views import PaymentDetailsView as CorePaymentDetailsView
from oscar.apps.checkout.views import ShippingMethodView as CoreShippingMethodView
from oscar.apps.payment.models import Source, SourceType
from oscar_tidewaiter.checkout import DutyPaymentMixin, DutyShippingMethodMixin


class ShippingMethodView(DutyShippingMethodMixin, CoreShippingMethodView):
    pass


class PaymentDetailsView(DutyPaymentMixin, CorePaymentDetailsView):
    """Takes whatever it is told to take, and writes down what that was."""

    def handle_payment(self, order_number, total, **kwargs):
        source_type, _ = SourceType.objects.get_or_create(name="Test")
        self.add_payment_source(Source(source_type=source_type, currency=total.currency, amount_allocated=total.incl_tax, amount_debited=total.incl_tax))
        self.add_payment_event("Settled", total.incl_tax)
        self.request.session["shop_paid"] = str(total.incl_tax)
