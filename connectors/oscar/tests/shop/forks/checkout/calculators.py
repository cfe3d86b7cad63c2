from oscar.apps.checkout.calculators import OrderTotalCalculator as CoreOrderTotalCalculator
from oscar_tidewaiter.totals import DutyTotalCalculatorMixin


class OrderTotalCalculator(DutyTotalCalculatorMixin, CoreOrderTotalCalculator):
    pass
