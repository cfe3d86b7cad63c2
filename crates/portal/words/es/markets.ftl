# La pregunta como formulario.
form-item = Producto { $number }
form-goods = ¿Qué vende?
form-goods-hint = camiseta, o un código: 6109.10
form-origin = Hecho en
form-quantity = Cuántos
form-price = Precio de uno
form-price-hint = sin impuestos
form-code = Código de mercancías
form-from = Enviado desde
form-to = Enviado a
form-region = Estado o provincia
region-other = otra región
form-freight = Envío
form-currency = Moneda
form-choose = Elegir…
form-not-known = No lo sé
form-more = Más sobre el paquete
form-channel = Quién lo transporta
form-sale = Quién vende a quién
form-date = Qué día
form-schemes = Impuestos que la tienda ya cobra: IOSS, IVA británico, VOEC…
form-schemes-about = Marque los regímenes en los que la tienda está registrada. Cuentan si el paquete va a ese lugar; en los demás no cambian nada.
form-gift = Un regalo entre particulares
form-class = Tipo de impuesto de esta mercancía
form-class-usual = no se dijo: se toma el tipo habitual
class-usual = el tipo habitual
form-insurance = Seguro
form-weight = Peso de todo, kg
form-item-weight = Peso de uno, kg
form-duty-rate = Derecho de aduana, %
form-assumed = no se dijo: se supone { $answer }
class-rate = { $name }, { $rate }
class-goods = { $name }, { $rate }: { $goods }
form-submit = Ver el coste
form-another = Añadir un producto
form-example = Probar un ejemplo
form-begun = Complete lo que falta y pregunte cuánto cuesta.
form-wrong = Revise esto, por favor:
form-to-missing = Elija adónde se envía.

# La respuesta.
answer-title = Respuesta
answer-whatever = Sean lo que sean las mercancías
answer-pays = Derechos, impuestos y tasas que paga el comprador
answer-no-shipping = sin envío
answer-on-top = Además de { $before } por la mercancía y el envío. Coste al llegar: { $landed }.
answer-on-top-goods = Además de { $before } por la mercancía. Coste al llegar, sin envío: { $landed }.
answer-goods-worth = La mercancía y el envío valen { $before }.
answer-nothing-due = no se debe nada
answer-not-allowed = Esta mercancía no se puede enviar allí de esta forma
answer-formal-entry = Se necesita un despacho de aduana completo: no hay una cifra sencilla
answer-prohibited = Esta mercancía no puede entrar
answer-range = Está entre estos dos importes.
answer-unknown = No se sabe cuánto más puede ser.
answer-below = Responda a las preguntas de abajo para precisarlo.
answer-above = El código de mercancías, arriba, lo precisará.
answer-by-shop = La tienda lo cobra al comprar; no se debe nada más a la entrega.
answer-carrier-fee = El correo o el transportista puede añadir su propia tarifa de despacho. Aquí no se conoce.
answer-by-both = La tienda cobra al comprar: { $shop }. Se debe a la entrega: { $delivery }.
answer-on-delivery = Se debe a la entrega, salvo que la tienda lo pague por el comprador.
answer-ask-customs = Pregunte a la aduana de destino o a un agente de aduanas.
part-goods = Mercancía
part-shipping = Envío
part-duties = Derechos
part-taxes = Impuestos
part-fees = Tasas
part-maybe = rayado: puede añadirse
part-open = punteado: no se sabe cuánto más
bar-least = Como mínimo
bar-most = Como máximo
term-nothing = nada
term-unknown = un importe que aún no se sabe
term-ddp = Entregado con derechos pagados (DDP)
term-ddp-says = Lo que la tienda cobra al comprar y entrega a las autoridades: { $all }. El comprador no paga nada a la entrega.
term-dap = Entregado en el lugar (DAP)
term-dap-says = Impuestos y derechos que la tienda cobra al comprar: { $shop }. Lo que el comprador paga a la entrega: { $delivery }.

# Códigos que las palabras pueden significar.
codes-title = ¿Qué código de mercancías es?
codes-total = Si es uno de los códigos probables, el comprador paga
codes-usual = al tipo de impuesto habitual
codes-unsure = No estoy seguro
codes-vague = Con estas palabras no se puede decir ningún código.
codes-together = estos códigos juntos: { $percent } % de probabilidad
codes-code = Código
codes-meaning = Qué es
codes-likely = Probabilidad
codes-pays = El comprador paga { $currency }
codes-use = Usar este código
codes-left-out = Algunos productos no se han buscado. Dé sus códigos.
codes-caution = Sus palabras sugieren estos códigos. Ninguno es seguro: elija el que corresponda y la respuesta será para él. Los alimentos, libros, medicamentos y ropa infantil suelen pagar un impuesto menor.

# Preguntas.
ask-title = Preguntas que harían exacta la respuesta
ask-worth = reduce el margen en { $sum }
ask-open = sin esto no hay límite superior
ask-answer = Responder
ask-yes = Sí
ask-no = No
ask-code = ¿Cuál es el código de este producto? Al menos seis dígitos.
ask-code-longer = ¿Cuál es el código completo del país de destino? Los dígitos dados no bastan aquí.
ask-national = Líneas del arancel de { $place } bajo este código, cada una con su derecho general. Sus textos no están registrados aquí: compárelas con el arancel oficial.
ask-national-none = Las líneas de { $place } bajo este código no están registradas aquí: figuran en el arancel oficial.
ask-national-all = Las { $count } líneas
ask-find-code = Buscar el código
ask-origin = ¿En qué país se fabricó? Puede no ser el país desde el que se envía.
ask-channel = ¿Quién lo transporta?
ask-region = ¿A qué estado o provincia va? Los impuestos cambian.
ask-from = ¿Desde qué país se envía?
ask-weight = ¿Cuánto pesa, en kilogramos?
ask-duty-rate = ¿Cuál es el derecho de aduana, en porcentaje? El arancel del destino ({ $place }) no está cargado aquí.
ask-duty-rate-code = ¿Cuál es el derecho de aduana, en porcentaje? Aquí no está registrado un tipo único para este código.
ask-duty-rate-hint = Búsquelo en la aduana de destino. La respuesta dirá que el tipo es suyo.
ask-additional-duty = ¿Qué derechos adicionales se aplican? No están cargados aquí.
ask-history = ¿Cuántos paquetes, y de qué valor, ha recibido ya el comprador { $period }?
ask-by-api = Pregunte a la aduana de destino o a un agente de aduanas, y elija el código que corresponda: a menudo responde a esto.
ask-code-first = Primero el código: elíjalo arriba y vendrán sus preguntas.
ask-code-none = Primero el código: describa el producto con otras palabras o dé su código. Después vendrán sus preguntas.
ask-number = Número
ask-parcels = Número de paquetes
ask-parcels-value = Su valor
ask-more = Más preguntas
ask-class = ¿Tiene esta mercancía un tipo de impuesto reducido?
ask-class-usual = No, el tipo habitual
ask-title-class = Una pregunta más

# Por qué.
why-title = Por qué: cada cargo y su ley
why-charge = Cargo
why-rule = Regla
why-on = Sobre { $currency }
why-due = A pagar { $currency }
why-who = Quién cobra
why-law = Ley
why-all = Todos los cargos
why-free = exento
why-when = Cuándo vale esta regla
why-base = Calculado sobre
why-source = Fuente { $number }
why-waived = demasiado pequeño, no se cobra
why-one-case = en uno de los casos
why-rate-unknown = no se conoce el tipo
why-not-always = no en todos los casos
why-several =
    { $count ->
        [one] { $count } regla
       *[other] { $count } reglas
    }
items-title = La parte de cada producto
items-item = Producto
items-value = Valor { $currency }
items-share = Cargos, parte del valor

# Ahorros, cambios, disputas, notas.
save-title = ¿Podría pagar menos el comprador?
save-none = No hay registrado ningún derecho menor que se pueda solicitar para esta mercancía.
save-open = Depende de respuestas que aún faltan: qué mercancías son, o dónde se fabricaron.
save-unknown = No se sabe.
save-unknown-why = Los derechos reducidos de los acuerdos comerciales del destino ({ $place }) no están registrados aquí, o solo algunos. Pregunte a su aduana o a un agente de aduanas.
save-less = menos por { $item }:
save-claim = solicite { $program }.
save-proof = Prueba que debe tener:
save-documents = Documentos que debe tener: { $documents }.
save-additional = Si la mercancía es del código adicional { $code }.
save-rule = El derecho es entonces
save-total = Todos los cargos serían { $total }.
next-title = Qué cambia después
next-none = No hay registrado ningún cambio anunciado que afecte a este paquete.
next-no-day = Día sin fijar
next-all = Todos los cambios: { $place }
dispute-title = Una regla que se lee de dos maneras
dispute-used = Usado aquí:
dispute-other = Si no:
dispute-total = Todos los cargos serían
notes-good = Conviene saber
notes-care = Cuidado
notes-same =
    { $count ->
        [one] Lo mismo en { $count } caso más
       *[other] Lo mismo en { $count } casos más
    }
notes-assumed = Supuesto, porque no se dijo
papers-title = Documentos, permisos y ayuda
papers-what = documentos, permisos y prohibiciones ({ $place }), organizaciones de apoyo a empresas
sources-title = Fuentes
sources-rates = Tipos de cambio
sources-editions = Ediciones de los datos usados

# La curva.
curve-title = Qué ocurre cerca de este valor
curve-name = Cargos ({ $place }) según crece el valor de la mercancía
curve-here = este paquete
curve-goods = Valor de la mercancía, { $currency }
curve-caption = La línea es todo lo que se debe. Las líneas de puntos son límites donde cambian las reglas. La banda es lo que puede añadirse.
curve-slide = Mueva para ver otros valores, { $currency }
curve-table = Lo mismo como tabla
curve-kind = Respuesta
curve-no-cliff = No hay cerca de este valor ningún límite donde cambien las reglas.
cliff-title = Límites donde salta
cliff-up-to = Mercancía hasta
cliff-due = a pagar
cliff-from = Mercancía desde
cliff-changes = Qué cambia
cliff-collected = se cobra
cliff-more = Hay más límites de los que se muestran aquí.

# La página, compartir, comparar.
markets-title = { $goods }: de { $from } a { $to }
markets-title-to = { $goods }: a { $to }
markets-law = Ley del { $day }.
markets-change = Cambiar la pregunta
markets-address = Esta respuesta está en
markets-old = La ley anterior al { $day } solo está registrada en parte. Compruebe lo que lea aquí.
share-title = Guardar, enviar, comparar
share-link = Enlace a esta respuesta con la ley del { $day }
share-compare = Comparar con otros países
share-csv = Tabla (CSV)
share-print = Imprimir
share-json = Todos los detalles (JSON)
share-rules = Todas las reglas: { $place }
compare-title = La misma cesta a otros países
compare-lede = Primero los importes exactos, del más barato al más caro; luego los intervalos por su máximo; al final los que no tienen límite o cifra.
compare-no-basket = Aún no hay una cesta que comparar.
compare-to-markets = Diga qué vende
compare-why = Muchas respuestas son intervalos, porque falta algún dato
compare-why-count =
    { $count ->
        [one] abierto en { $count } respuesta
       *[other] abierto en { $count } respuestas
    }
compare-table = Comparación
compare-before = Mercancía y envío
compare-place = Enviado a
compare-bar = Coste al llegar
compare-open = no se sabe cuánto más
compare-landed = Al llegar { $currency }
compare-at-checkout = Al comprar { $currency }
compare-one-amount = este importe, si cabe este procedimiento
compare-kind = Certeza
compare-choose = Elegir lugares
compare-groups = Grupos
compare-all = Todos los países
compare-single = Países uno a uno
compare-submit = Comparar
basket-item = { $quantity } × { $name }, { $price } la unidad
basket-shipping = envío { $sum }
wrong-of = { $field }:
wrong-currency = no es moneda de ningún país aquí; elija una de la lista, por ejemplo EUR
wrong-region = no es un estado o provincia del destino ({ $place }) conocido aquí; elija en esta lista: { $list }
wrong-code = no es un código de mercancías: el Sistema Armonizado no tiene { $part }; busque el código con palabras
wrong-day-far = queda fuera de lo registrado aquí; elija un día del { $first } al { $last }
