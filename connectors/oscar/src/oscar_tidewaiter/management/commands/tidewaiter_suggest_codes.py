"""Suggests goods codes for all products that have none. They are confirmed by a person, here or in the dashboard."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from oscar_tidewaiter.models import CodeSuggestion
from oscar_tidewaiter.suggestions import confirm, lacking_code, suggest
from oscar_tidewaiter.telling import NotTold


_AT_A_TIME = 100


def _counted(products: int) -> str:
    return "1 product" if products == 1 else f"{products} products"


class Command(BaseCommand):
    help = "Suggests goods codes for products without one, with how likely each is. Confirm them with --confirm or in the dashboard."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--most", type=int, default=3, help="most codes for a product (3)")
        parser.add_argument("--confirm", nargs="+", metavar="PRODUCT=CODE", help="confirm suggestions instead: 12=610910")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["confirm"]:
            for one in options["confirm"]:
                self._confirm(one)
            return
        lacking = lacking_code()
        found: dict[Any, Any] = {}
        for at in range(0, len(lacking), _AT_A_TIME):
            try:
                found.update(suggest(lacking[at:at + _AT_A_TIME], options["most"]))
            except NotTold as why:
                raise CommandError(f"no engine suggests goods codes: {why}") from why
        for product, (codes, advice) in found.items():
            self.stdout.write(f"{product.pk}  {product.get_title()}")
            for one in codes:
                self.stdout.write(f"    {one.code}  {one.percent:>5} %  {one.title}")
            if not codes:
                self.stdout.write(f"    no code: {advice or 'the words say too little'}")
        self.stdout.write(f"{_counted(len(lacking))} without a goods code, {sum(1 for codes, _ in found.values() if codes)} with suggestions; none is used until it is confirmed")
        if len(found) < len(lacking):
            raise CommandError(f"the engine was too busy to answer for {_counted(len(lacking) - len(found))}: run it again")

    def _confirm(self, text: str) -> None:
        product, _, code = text.partition("=")
        suggestion = CodeSuggestion.objects.filter(product_id=product if product.isdigit() else None, code=code).first()
        if suggestion is None:
            raise CommandError(
                f"{text}: no such suggestion. Write PRODUCT=CODE as this command printed them; a code of your own is written into the dashboard, under "
                "Duties, What customs must know, or into the attribute for the goods code on the page of the product."
            )
        confirm(suggestion)
        self.stdout.write(f"{suggestion.product.get_title()} has the goods code {suggestion.code}")
