from oscar.apps.checkout.applicator import SurchargeApplicator as CoreSurchargeApplicator
from oscar_tidewaiter.surcharges import DutySurchargeApplicatorMixin


class SurchargeApplicator(DutySurchargeApplicatorMixin, CoreSurchargeApplicator):
    pass
