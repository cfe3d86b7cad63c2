"""Creates the product attributes for customs data."""

from django.core.management.base import BaseCommand

from oscar_tidewaiter.customs_data import create_attributes


class Command(BaseCommand):
    help = "Creates the attributes for goods code, origin and weight on each class of products that is shipped."

    def handle(self, *args: object, **options: object) -> None:
        made = create_attributes()
        for one in made:
            self.stdout.write(f"created {one}")
        if not made:
            self.stdout.write("all attributes are there")
