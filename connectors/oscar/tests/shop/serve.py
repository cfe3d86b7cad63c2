"""The shop for the conformance suite: one JSON command on a line of input, one answer on a line of output."""

import json
import os
import sys
import time
import traceback

os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"


def main():
    # Whatever prints must not stand among the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test.utils import override_settings, setup_test_environment

    setup_test_environment()
    call_command("migrate", run_syncdb=True, verbosity=0)
    from shop.buyer import Buyer
    from shop.seed import seed, voucher

    goods = seed()
    shop, changed = None, None
    answers.write(json.dumps({"ready": True}) + "\n")
    answers.flush()
    for line in sys.stdin:
        command = json.loads(line)
        verb, given = command["verb"], command.get("given", [])
        start = time.monotonic()
        try:
            if verb == "open":
                if changed is not None:
                    changed.disable()
                wanted = given[0]
                client = dict(wanted["client"])
                policy = client.pop("policy")
                if "breaker" in client:
                    client["breaker_open_ms"] = client.pop("breaker")["open_ms"]
                changed = override_settings(
                    OSCAR_DEFAULT_CURRENCY=wanted["currency"],
                    OSCAR_TIDEWAITER={**settings.OSCAR_TIDEWAITER, "engine": wanted["engine"], "policy": policy, "registrations": wanted["registrations"], "client": client},
                )
                changed.enable()
                for code, amounts in settings.TABLE["coupons"].items():
                    voucher(code, amounts[wanted["currency"]])
                shop, said = Buyer(goods), None
            else:
                said = getattr(shop, {"order": "sold"}.get(verb, verb))(*given)
            answer = {"said": said, "ms": round((time.monotonic() - start) * 1000)}
        except Exception:
            answer = {"error": traceback.format_exc()}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
