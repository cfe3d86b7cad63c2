# Ways of delivery, as a buyer reads them in a checkout.
carrier-paid = { $name }, droits et taxes payés
carrier-unpaid = { $name }, droits et taxes non payés
carrier-in-price = Ce prix comprend { $sum } de droits, taxes et frais d’importation. Rien de plus à payer à la livraison.
carrier-nothing-due = Aucun droit, aucune taxe ni aucuns frais d’importation ne sont dus.
carrier-tax-in-price = Ce prix comprend { $sum } de taxe.
carrier-nothing-at-door = Rien de plus n’est dû à la livraison.
carrier-at-door = { $sum } de droits, taxes et frais d’importation sont à payer à la livraison.
carrier-at-door-between = Entre { $least } et { $most } de droits, taxes et frais d’importation sont à payer à la livraison.
carrier-at-door-at-least = Au moins { $sum } de droits, taxes et frais d’importation sont à payer à la livraison.
carrier-at-door-unknown = Des droits, taxes et frais d’importation peuvent être à payer à la livraison. Le montant n’est pas connu.
carrier-at-home = Aucune frontière n’est franchie : aucun droit d’importation n’est dû.
