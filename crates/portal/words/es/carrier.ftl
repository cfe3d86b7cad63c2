# Ways of delivery, as a buyer reads them in a checkout.
carrier-paid = { $name }, derechos e impuestos pagados
carrier-unpaid = { $name }, derechos e impuestos sin pagar
carrier-in-price = Este precio incluye { $sum } de derechos, impuestos y gastos de importación. Nada más que pagar en la entrega.
carrier-nothing-due = No se debe ningún derecho, impuesto ni gasto de importación.
carrier-tax-in-price = Este precio incluye { $sum } de impuestos.
carrier-nothing-at-door = Nada más que pagar en la entrega.
carrier-at-door = En la entrega se pagan { $sum } de derechos, impuestos y gastos de importación.
carrier-at-door-between = En la entrega se pagan entre { $least } y { $most } de derechos, impuestos y gastos de importación.
carrier-at-door-at-least = En la entrega se pagan al menos { $sum } de derechos, impuestos y gastos de importación.
carrier-at-door-unknown = En la entrega puede que haya que pagar derechos, impuestos y gastos de importación. No se sabe cuánto.
carrier-at-home = No se cruza ninguna frontera: no se debe ningún derecho de importación.
