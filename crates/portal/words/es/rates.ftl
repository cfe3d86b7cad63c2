# Listas de economías.
rates-title = Qué cobra cada economía
rates-lede = Reglas, límites y tipos de { $count } economías, cada uno con sus fuentes y su grado de certeza.
rates-tabs = Páginas sobre los tipos
rates-tab-list = Todas las economías
rates-tab-changes = Qué cambia
rates-tab-freshness = Actualidad
rates-tab-downloads = Descargas
rates-crumbs = Está aquí
rates-contents = En esta página
rates-foreign = Los enunciados legales proceden de los datos y están en inglés, igual que una parte de los nombres de reglas, las preguntas y las observaciones.
rates-economies = Economías
rates-find = Buscar una economía
rates-find-go = Buscar
rates-find-all = Mostrar todas
rates-found = { $count ->
    [one] { $count } economía
   *[other] { $count } economías
}
rates-letters = Ir a una letra
rates-strip = Tipos generales en el mundo
rates-strip-about = Cada punto es una economía con el tipo general de su impuesto principal.
rates-strip-said = { $count } economías: de { $least } ({ $low }) a { $most } ({ $high }); la mitad aplica { $middle } o menos. La tabla de arriba las recoge todas.
rates-strip-none = { $count ->
    [one] { $count } economía no tiene aquí un tipo general ni un punto.
   *[other] { $count } economías no tienen aquí un tipo general ni un punto.
}
# Columnas.
rates-col-economy = Economía
rates-col-tax = Impuesto
rates-no-tax = ninguno
rates-col-rate = Tipo general
rates-col-duty-free = Derecho de aduana
rates-col-tax-free = Impuesto a la importación
rates-col-currency = Moneda
rates-col-sure = Fiabilidad
rates-sure-about = Una palabra junto a cada hecho dice si se apoya en un texto oficial o en una fuente indirecta, o si está sin verificar.
rates-sure-link = Qué significan estas palabras
rates-list-narrow = Aquí cada nombre lleva el tipo general de su impuesto principal; el nombre conduce a todo lo demás.
rates-col-edition = Edición más reciente
rates-col-authority = Publicado por
rates-col-number = Número
rates-col-published = Publicado aquí
rates-col-class = Tipo
rates-col-today = Hoy
rates-col-goods = Qué mercancías
rates-col-history = Valores en el tiempo
rates-col-charge = Cargo
rates-col-rule = Regla o tipo
rates-col-when = En vigor
rates-col-status = Estado
rates-col-case = En qué caso
rates-col-due = Lo que se debe
rates-col-who = Quién cobra
rates-col-code = Código
rates-col-kind = Qué es
rates-col-for = Para qué mercancías
rates-col-sources = Fuentes
rates-col-from = Desde
rates-col-changed = Qué cambió
rates-duty-begins = empieza
rates-duty-ends = termina
rates-duty-before = antes
rates-col-oldest = Parte más antigua
rates-col-series = Serie
rates-col-currencies = Monedas
rates-col-last = Último día
rates-col-terms = Condiciones
# Desde qué valor se debe algo.
rates-low-free = nunca se cobra en paquetes corrientes
rates-low-first = desde el primer céntimo
rates-low-up-to = exento { $limit }
rates-low-owed = desde el primer céntimo, pero no se cobra si se adeudan { $cash } o menos
rates-low-owed-below = desde el primer céntimo, pero no se cobra si se adeudan menos de { $cash }
rates-low-depends = no depende solo del valor
rates-limit = hasta { $cash }
rates-limit-below = menos de { $cash }
rates-limit-per = { $limit } por { $scope }
# Una economía.
rates-of = Tipos: { $name }
rates-care = Atención:
rates-glance = De un vistazo
rates-currency = Los cargos se calculan en { $currency }
rates-ordinary = Qué se aplica hoy a un paquete corriente
rates-ordinary-about = Corriente: una tienda sin registros vende a un particular, desde el extranjero, mercancías sin regla especial, y no solicita nada. Las reglas de abajo recogen todos los demás casos.
rates-only-some = Solo en algunos casos:
rates-case-always = siempre
rates-case-otherwise = en los demás casos
rates-charges = Cargos, regla por regla
rates-charges-about = En el orden en que se calculan. Cada lista se lee desde arriba: decide la primera regla que encaja.
rates-no-charges = Aquí no hay ningún cargo registrado. Eso no significa que no se deba nada: pregunte a la aduana o al transportista.
rates-charge-base = Se calcula sobre: { $base }
rates-charge-by = Cobro: { $who }
rates-charge-round = Redondeo { $rounding }
rates-charge-rules = { $count ->
    [0] ninguna regla hoy
    [one] { $count } regla hoy
   *[other] { $count } reglas hoy
}
rates-charge-base-round = La base se redondea antes { $rounding }
rates-rounding = { $mode } a múltiplos de { $unit }, { $stage }
rates-own-base = Se calcula sobre una base propia.
rates-ladder-none = Ninguna regla de este cargo está en vigor hoy.
rates-ladder-later = Aún no en vigor
rates-ladder-past = { $count ->
    [one] { $count } regla que ya no está en vigor
   *[other] { $count } reglas que ya no están en vigor
}
rates-when = Cuando: { $when }
rates-sources = { $count ->
    [one] Fuente:
   *[other] Fuentes:
}
rates-waivers = Demasiado pequeño para cobrarse
rates-waiver = No se cobra si { $charges } suman { $limit }.
rates-tables = Tipos impositivos
rates-rate-part = parte nacional { $part }
rates-codes = Códigos { $codes }
rates-and-more = y { $count } más
rates-history-of = { $name }: el tipo en el tiempo
rates-timeline = Reglas y tipos desde 2024
rates-timeline-said = Cronología del { $from } al { $until }. La tabla de abajo dice lo mismo.
rates-timeline-table = La cronología como tabla
rates-timeline-open = Mostrar la cronología ({ $count } líneas)
rates-today = hoy
rates-bar-more = { $name } y { $count } más
rates-bar-law = en vigor hoy
rates-bar-scheduled = aprobado, empieza más tarde
rates-bar-proposed = propuesto, aún no es ley
rates-bar-suspended = suspendido
rates-bar-over = terminado
rates-no-day = no consta ningún día
rates-schemes = Registros para vendedores
rates-schemes-none = no consta ninguno
rates-scheme-who = Quién se registra
rates-scheme-returns = Declaraciones
rates-scheme-due = Plazo
rates-disputes = Reglas que se interpretan de dos maneras
rates-dispute-used = usada en las respuestas
rates-dispute-other = la otra interpretación
rates-questions = Preguntas que puede requerir una respuesta
rates-ask-yes = Se supone que sí.
rates-ask-no = Se supone que no.
rates-ask-open = No se supone nada: sin respuesta, verá un intervalo.
rates-questions-open = Mostrar las { $count } preguntas
rates-exchange = Tipos de cambio según la ley
rates-series-not-loaded = no está cargada aquí
rates-series-fallback = En su lugar:
rates-member = Uniones y grupos
rates-member-none = No pertenece a ninguna unión ni grupo conocidos aquí.
rates-members = { $count ->
    [one] { $count } miembro
   *[other] { $count } miembros
}
rates-members-past = Antiguos miembros
rates-beside = No son miembros, pero se les aplica una parte de sus reglas
rates-facts = Hechos y fuentes
rates-facts-folded = { $count } hechos, cada uno con su fuente. El número junto a una regla lleva a su hecho.
rates-facts-part = Hechos { $first } a { $last }
rates-fact-holds = Válido { $span }
rates-editions = Ediciones
rates-age = { $days ->
    [0] publicado hoy
    [one] hace { $days } día
   *[other] hace { $days } días
}
rates-days-old = de hace { $days } días
rates-correct = ¿Hay algo mal o falta algo?
rates-correct-how = Cómo corregirlo
rates-as-json = Toda esta página en JSON
rates-span = del { $from } al { $last }
rates-span-since = desde el { $day }
rates-span-from = a partir del { $day }
rates-span-until = hasta el { $day }
rates-tariff = Arancel
rates-tariff-lines = { $count ->
    [one] { $count } tipo cargado
   *[other] { $count } tipos cargados
}
rates-tariff-bounds = { $count ->
    [one] solo se conocen el mínimo y el máximo, para { $count } intervalo de códigos
   *[other] solo se conocen el mínimo y el máximo, para { $count } intervalos de códigos
}
rates-tariff-none = ningún arancel cargado aquí
rates-look = Derecho de un código de mercancías
rates-look-code = Código de mercancías
rates-look-hint = Cuatro cifras o más, por ejemplo 6109.10.
rates-look-find = Buscar el código con sus palabras
rates-look-go = Ver el derecho
rates-look-none = Para esta economía no hay ningún tipo arancelario cargado: donde cuenta el arancel, las respuestas dan un intervalo o le piden el tipo.
# Economías desconocidas.
rates-missing = Aquí no existe esa economía
rates-missing-code = «{ $code }» no es el código de una economía cuyas reglas se conozcan aquí.
rates-missing-rules = Las reglas de { $name } aún no están registradas. Eso no significa que no se deba nada.
rates-missing-group = { $name } es un grupo de países y no cobra nada por sí mismo. Consulte uno de sus miembros.
rates-missing-near = ¿Quería decir
rates-missing-all = Ver todas las economías
# Condiciones en palabras.
rates-and = y
rates-or = o
rates-or-else = o bien
rates-either = o bien { $list }
rates-list = una lista de la ley
rates-places-list = uno de los lugares que enumera la ley
rates-more = { $list } y { $count } más
rates-when-always = siempre
rates-when-value = { $left }: { $compare } { $right } por { $scope }
rates-when-imports = paquetes del comprador: { $compare } { $number } por { $scope }
rates-when-weight = peso: { $compare } { $number } kg por { $scope }
rates-when-quantity = cantidad ({ $unit }): { $compare } { $number } por { $scope }
rates-when-goods = mercancías de { $list }
rates-when-any-goods = al menos un artículo de { $list }
rates-when-no-goods = ningún artículo de { $list }
rates-when-only-goods = solo artículos de { $list }
rates-when-origin = origen: { $places }
rates-when-shipped = enviado desde { $places }
rates-when-seller = vendedor establecido en { $places }
rates-when-delivered = destino: { $places }
rates-when-region = estado o provincia: { $places }
rates-when-registered = la tienda está registrada en { $scheme }
rates-when-buyer = el comprador dio un número fiscal válido
rates-when-gift = un regalo entre particulares
rates-when-declaration = declaración de tipo { $kind }
rates-when-fact = sí a «{ $question }»
rates-when-claims = se solicita { $program }
rates-when-claims-any = se solicita una preferencia
rates-when-document = con el documento { $document }
rates-when-reading = { $question } Respuesta que se toma: { $reading }
rates-when-took = { $charge } sigue la regla «{ $rung }»
rates-not = salvo: { $what }
rates-not-goods = sin mercancías de { $list }
rates-not-origin = origen distinto de { $places }
rates-not-shipped = no enviado desde { $places }
rates-not-delivered = destino distinto de { $places }
rates-not-registered = la tienda no está registrada en { $scheme }
rates-not-gift = no es un regalo
rates-not-fact = no a «{ $question }»
# Importes en palabras.
rates-free = exento
rates-part-customs = valor en aduana
rates-amount-of = { $rate } de { $what }
rates-amount-gross-up = { $rate } de una base que incluye el propio impuesto
rates-amount-per = { $cash } por { $unit }
rates-amount-base = su base
rates-amount-tariff = el tipo del arancel de aduanas
rates-amount-max = el mayor de: { $list }
rates-amount-min = el menor de: { $list }
rates-amount-clamp = { $amount }, como mínimo { $least } y como máximo { $most }
rates-amount-if = ({ $then } si { $when }, si no { $otherwise })
rates-amount-rounded = { $amount } (redondeado por separado)
rates-amount-slice = desde { $from }: { $rate }
rates-amount-bands = por tramos de { $what }: { $slices }
rates-amount-items = artículos enteros hasta { $limit } exentos, el resto { $otherwise }
rates-amount-table = { $table } al tipo de las mercancías (general { $rate })
rates-amount-table-open = { $table } al tipo de las mercancías
# Medidas de un código de mercancías.
rates-measure-title = { $code }: { $name }
rates-measure-lede = Todas las medidas del arancel para este código y sus subdivisiones, el { $day }.
rates-measure-cut = El arancel no tiene ese día el código { $asked }; se muestra { $code }. Puede ser un código de otro país o de una edición anterior: compruébelo.
rates-origin = País de origen
rates-origin-any = Cualquier origen
rates-origin-wrong = «{ $origin }» no es el código de un territorio conocido aquí, así que se muestran todos los orígenes.
rates-origin-choose = Elegir el origen en la lista
rates-date = Día
rates-date-wrong = Ese día no se puede leer; se muestra hoy.
rates-show = Mostrar
rates-measures = Medidas en vigor
rates-measures-not-now = Hay medidas cargadas para este código, pero ninguna para el { $day }.
rates-lines-many = Bajo este código hay { $count } líneas del arancel. Elija la parte a la que pertenecen sus mercancías:
rates-lines-below = { $count ->
    [one] { $count } línea
   *[other] { $count } líneas
}
rates-lines-about = { $count } líneas del arancel; abra la de sus mercancías.
rates-line = Medidas de { $code }
rates-line-count = { $count ->
    [one] { $count } medida
   *[other] { $count } medidas
}
rates-measures-other = { $count ->
    [one] { $count } medida de otros días
   *[other] { $count } medidas de otros días
}
rates-nothing-tariff = Aquí no hay cargado ningún arancel de esta economía, así que no se conoce el derecho de este código.
rates-nothing-code = No hay ninguna medida cargada para { $code }, así que aquí no se conoce su derecho.
rates-nothing-bounds = De algunos códigos solo se conocen el mínimo y el máximo del derecho: la respuesta da un intervalo.
rates-nothing-check = Compruebe el código: puede ser de otro país o de una edición anterior.
rates-nothing-rate = Si conoce el tipo, indíquelo con su pregunta.
rates-nothing-ask = Preguntar qué cuesta el paquete
rates-nothing-import = Quien gestiona este servicio puede cargar un arancel oficial:
rates-no-code = Aquí no existe el código de mercancías { $code }
rates-no-code-why = No figura en el Sistema Armonizado de 2022 ni en una edición anterior, y ningún arancel de { $name } cargado aquí lo contiene. Por eso no se puede decir nada de su derecho; no es un derecho cero.
rates-no-line = { $name }: ninguna línea para { $code }
rates-no-code-line = Figura en el Sistema Armonizado, pero el arancel de { $name }, cargado aquí entero, no tiene ninguna línea para él. Allí no se conoce su derecho; no es un derecho cero.
rates-no-code-above = El código superior más cercano:
rates-no-code-again = Indicar otro código para { $name }
rates-for-all = todas las mercancías del código
rates-for = de { $places }
rates-for-not = excepto { $places }
rates-claim = Debe solicitarse:
rates-proof = Prueba:
rates-condition = con otra condición
rates-additional-code = Código adicional { $code }
rates-quota = Contingente { $number }
rates-code-meaning = Qué significa este código
rates-name-origin = Elija dónde se fabricaron las mercancías para ver juntos todos los derechos, también los adicionales, y su historia.
rates-general-history = El derecho general desde 2024
rates-general-about = En porcentaje del valor, sin preferencia ni derecho adicional. Un hueco es un tiempo para el que no hay cargado un único porcentaje.
rates-no-number = no hay un único porcentaje
rates-to-come = por venir
rates-origin-history = Todos los derechos sobre mercancías de origen { $origin }
rates-origin-about = Todos los derechos de aduana juntos en porcentaje del valor, para un envío entre empresas sin solicitar nada.
rates-origin-none = Los derechos sobre estas mercancías no son aquí un único porcentaje del valor. Pregunte por sus mercancías para ver un importe o un intervalo.
rates-union-ask = Las mercancías se envían a un miembro de la unión: consulte la página de un miembro para ver juntos todos los derechos.
rates-reached = Qué se aplica a estas mercancías el { $day }
rates-all-duties = Todos los derechos
# Actualidad.
rates-freshness = Actualidad de los datos
rates-freshness-lede = Cuándo se publicó lo que se sabe de cada economía; primero aquellas cuya parte más antigua, casi siempre el arancel, es la más antigua. Antiguo no significa erróneo: significa que nadie lo ha revisado desde entonces.
rates-freshness-sum = { $count } economías; { $old } se apoyan en una edición de más de 90 días; { $loaded } con tipos de un arancel.
rates-freshness-old = De más de 90 días ({ $count })
rates-freshness-new = Revisado en los últimos 90 días ({ $count })
rates-freshness-since = Parte más antigua: { $day } ({ $count })
rates-series = Series de tipos de cambio
# Cambios.
rates-changes = Qué cambió y qué va a cambiar
rates-changes-lede = Cada cambio con fecha de una regla o un tipo: primero lo que viene, después lo que ya llegó.
rates-changes-unknown = Ese territorio no se conoce aquí.
rates-changes-none = No hay nada registrado para este periodo.
rates-changes-more = Cambios { $first } a { $last } de { $count }.
rates-changes-back = Los anteriores
rates-changes-on = Los siguientes
rates-all-economies = Todas las economías
rates-from = Desde
rates-before = Antes del
rates-coming = Próximos cambios
rates-past = Ya en vigor
rates-proposed = Propuesto o sin fecha
rates-proposed-about = No es ley, o se aprobó sin primer día: ninguna respuesta lo cuenta.
rates-feeds = Recibir avisos por un canal:
rates-change-from-to = { $before } → { $after }
rates-change-measures = { $count ->
    [one] { $count } comienzo o fin de una medida arancelaria
   *[other] { $count } comienzos y finales de medidas arancelarias
}
# Descargas.
rates-downloads = Llévese los datos
rates-downloads-lede = Los mismos datos que hay detrás de cada página, para programas y hojas de cálculo. No hace falta cuenta.
rates-file-ratebook = El libro de tipos
rates-file-ratebook-about = Un solo archivo con todas las reglas, tipos y medidas en uso aquí; la biblioteca y la orden lo leen tal cual.
rates-file-economies = Todas las economías en JSON
rates-file-economies-about = Una línea de cada una; cada una tiene su propio documento debajo.
rates-file-csv = Tipos generales en CSV
rates-file-csv-about = Para una hoja de cálculo: código, impuesto, tipo general de hoy, edición, cuántos hechos con qué certeza. Un campo vacío no es un cero.
rates-file-feed = Cambios como canal
rates-file-feed-about = Qué cambia y cuándo, para un lector de canales.
rates-licences = Licencias y atribución
rates-licences-about = Quien use los datos nombra estas fuentes. Los hechos de cada economía nombran su propia fuente uno por uno.
