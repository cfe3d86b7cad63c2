# Ways of delivery, as a buyer reads them in a checkout.
carrier-paid = { $name }, duty paid
carrier-unpaid = { $name }, duty unpaid
carrier-in-price = { $sum } of import duty, tax and fees is in this price. Nothing more to pay at the door.
carrier-nothing-due = No import duty, tax or fee is due.
carrier-tax-in-price = { $sum } of tax is in this price.
carrier-nothing-at-door = Nothing more is due at the door.
carrier-at-door = { $sum } of import duty, tax and fees is due at the door.
carrier-at-door-between = Between { $least } and { $most } of import duty, tax and fees is due at the door.
carrier-at-door-at-least = At least { $sum } of import duty, tax and fees is due at the door.
carrier-at-door-unknown = Import duty, tax and fees may be due at the door. How much is not known.
carrier-at-home = No border is crossed, so no import duty is due.
