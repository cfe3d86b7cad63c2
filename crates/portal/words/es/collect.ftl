# Páginas de vendedores: registros, ventas, declaraciones.
collect-title = Registrarse, declarar, pagar
collect-lede = Las tiendas que cobran el impuesto en la venta se registran una vez, y después declaran y pagan por cada período. Aquí se registra, aporta sus ventas, ve lo que vence y envía la declaración con cada cifra explicada. Aquí no se mueve dinero: paga en su propio banco.
collect-where = ¿Dónde tengo que registrarme?
collect-where-says = Responda a unas preguntas sobre lo que vende y dónde.
collect-no-house = Con la línea de comandos
collect-no-house-says = Este sitio no guarda vendedores. El programa tidewaiter hace lo mismo en su ordenador: reglas, libro, declaraciones, plazos. Nada sale de él.
collect-hello = Ha entrado: { $label }.
collect-keeper-says = Usted mantiene esta casa: las órdenes de «tidewaiter collect house» añaden autoridades y dan claves. Las declaraciones están con los vendedores y las autoridades.
collect-to-mine = Mi página
collect-to-authority = Página de la administración
collect-leave = Salir
collect-new = Soy nuevo aquí
collect-new-says = Basta un nombre. Recibe un código, que es su llave.
collect-sign-up = Darse de alta
collect-back = Tengo un código
collect-schemes = Regímenes cuyas declaraciones están descritas
collect-schemes-says = Cada página dice qué contiene la declaración, cuándo vence, qué pide la solicitud, dónde consta y qué no se sabe todavía.
collect-scheme = Régimen
collect-place = Lugar
collect-period = Período
collect-due = Declaración antes de
collect-currency = Moneda
collect-period-month = { $month } de { $year }
collect-period-months = { $first } a { $last } de { $year }
collect-period-years = { $first } a { $last }
collect-due-extra =
  { $extra ->
    [one] y un día
   *[other] y { $extra } días
  }
collect-due-next = , o el lunes después de un fin de semana
collect-due-previous = , o el viernes antes de un fin de semana
collect-apply-here = Registrarse
collect-scheme-short = En breve
collect-scheme-holds = Qué contiene la declaración
collect-scheme-rows = Filas, por lugar de los compradores y por tipo: el precio sin impuesto, y el impuesto.
collect-scheme-fields = Qué pide la solicitud
collect-scheme-fields-says = Estos datos constan en el fichero del régimen. Una administración que reciba aquí las solicitudes puede pedir menos, u otros.
collect-checked = se comprueba
collect-optional = (no obligatorio)
collect-scheme-official = Página oficial:
collect-scheme-unknown = Lo que no se sabe todavía
collect-scheme-settles = Lo que lo aclararía:
collect-scheme-more = Más sobre este régimen
collect-who = Quién
collect-receives = La recibe
collect-register-at = Registrarse en
collect-takes = Cuánto tarda
collect-period-from = , contado desde el mes del registro
collect-due-nil = También si no se vendió nada.
collect-pay-by = Pagar hasta
collect-pay-with = Con la declaración
collect-rates-of = Tipos de cambio de:
collect-refunds = Reembolsos
collect-refunds-corrections = Cambian el período de la venta: una corrección, si su declaración ya se envió.
collect-refunds-deducted = Se descuentan en el período en que se devolvió el dinero.
collect-past = Períodos pasados
collect-past-apart = Se corrigen en una declaración posterior, en una parte propia.
collect-past-among = Se corrigen entre las cifras de una declaración posterior.
collect-past-amended = Se corrigen en una declaración rectificativa.
collect-late-means = Si llega tarde
collect-ends = Cómo termina
collect-shape = Formato de fichero publicado
collect-box = Casilla
collect-box-name = Su nombre
collect-token = Código
collect-token-hint = Empieza por twc_ y se le mostró una vez.
collect-token-wrong = Este código no se conoce aquí, ha caducado o se retiró. Cópielo entero, o pida otro.
collect-enter = Entrar
collect-enter-says = Pegue su código. Queda en este navegador hasta que lo cierre o salga.
collect-no-token-yet = ¿Aún no tiene código?
collect-closed = En este sitio los vendedores no pueden darse de alta solos. Quienes lo llevan dan los códigos.
collect-sign-up-says = El nombre de su empresa basta para empezar.
collect-name = Nombre de su empresa
collect-short = Nombre corto
collect-short-hint = Minúsculas, cifras y guiones. Si queda vacío, se hace a partir del nombre.
collect-welcome = Bienvenido
collect-welcome-says = Su libro está abierto, con el nombre corto { $short }. Ya ha entrado.
collect-keep = Guarde este código
collect-keep-says = Solo se muestra esta vez. Quien lo tenga puede actuar por usted; sin él no puede volver. Cópielo en un gestor de contraseñas o apúntelo. Caduca el { $until }.
collect-apply-next = Registrarse ahora
collect-signed-in = { $label }, { $role } de { $seller }
collect-ways = Páginas de su empresa
collect-not-done = Esto no se hizo.
collect-may-not = Su código permite leer esto, no hacerlo.
collect-cancel = No hacerlo
collect-apply = Registrarse
collect-apply-at = Administraciones a las que llega desde aquí
collect-apply-at-says = Un formulario. Algunas dan el número al momento, otras lo miran antes.
collect-prepare-for = Otras administraciones
collect-prepare-for-says = Reciben las solicitudes en sus propios sitios. Rellene aquí el formulario, llévese los datos y anote el número que le den.
collect-number-got = Tengo un número
collect-apply-title = Registrarse: { $name }
collect-change-title = Cambiar sus datos: { $name }
collect-answer-title = Responder: { $name }
collect-asks = La administración pregunta
collect-says = La administración dice
collect-more-fields =
  { $count ->
    [one] Un campo más, no obligatorio
   *[other] { $count } campos más, no obligatorios
  }
collect-fields-wrong =
  { $count ->
    [one] Hay que corregir un campo. No se envió nada.
   *[other] Hay que corregir { $count } campos. No se envió nada.
  }
collect-from-today = El registro se pide desde el { $day }.
collect-send = Enviar
collect-send-says = Lo que escriba va a { $name } y consta aquí en su libro. Nadie más lo ve.
collect-choose = Elegir…
collect-yes = Sí
collect-no = No
collect-hint-phone = Con el país: +353 1 234 5678
collect-hint-urls = shop.example; varias separadas por espacios
collect-hint-amount = Cifras, con un punto antes de los céntimos: 1250.50
collect-hint-like = Se parece a { $shown }
collect-likely = ¿Quiso decir
collect-likely-none = Ninguno: lo escribo de nuevo arriba
collect-fault-missing = Rellene este campo.
collect-fault-long = Acórtelo a { $most } caracteres.
collect-fault-unseen = Tiene caracteres que no se ven. Escríbalo de nuevo.
collect-fault-email = Escriba una dirección de correo: nombre@ejemplo.com
collect-fault-phone = Escriba primero + y el país: +353 1 234 5678
collect-fault-url = «{ $text }» no es una dirección web. Escriba https://shop.example
collect-fault-country = Elija un país.
collect-fault-day = Elija un día.
collect-fault-yes-no = Elija sí o no.
collect-fault-amount = Escriba cifras, con un punto antes de los céntimos: 1250.50
collect-fault-number = Este número no puede ser correcto:
collect-fault-not-asked = Esto ya no se pide.
collect-fault-among = La administración acepta: { $values }
collect-fault-refused = La administración no acepta «{ $text }» aquí.
collect-fault-outside = Elija un día del { $first } al { $last }.
collect-fault-taken = Otro vendedor registrado tiene el mismo. Si es suyo, pregunte a la administración.
collect-application = { $kind }: { $name }
collect-your-number = Su número:
collect-number-from = Vale desde el { $day }. Ya consta en su libro.
collect-waiting = Está en { $name }. No tiene que hacer nada; vuelva aquí para ver la respuesta.
collect-answer = Responder
collect-withdraw = Retirarla
collect-written = Lo que escribió
collect-application-number = Número de la solicitud
collect-sent-at = Enviada
collect-decided-at = Decidida
collect-from-day = Primer día
collect-end-title = Terminar el registro: { $name }
collect-end-says = La administración lo decide. Las declaraciones de los períodos anteriores siguen pendientes.
collect-end-day = Primer día en que ya no vale
collect-end-send = Pedir el fin
collect-prepare-title = Datos para { $name }
collect-prepare-says = La solicitud se hace en el sitio de la administración. Aquí se comprueba el formulario; no se envía ni se guarda nada. La recibe:
collect-prepare = Comprobar
collect-prepared = Listo: { $name }
collect-prepared-says = Cada campo puede ser correcto. Llévese el texto, y anote el número que le den.
collect-as-text = Descargar como texto
collect-number-title = Su número: { $name }
collect-number-says = Con él se conocen aquí sus declaraciones y plazos. Si se emitió, solo lo sabe la administración.
collect-number = Número
collect-number-keep = Anotar el número
collect-state = País que lo dio
collect-state-hint = Dos letras, como IE, si varios países comparten el régimen.
collect-mine = Mi página
collect-is-due = Lo que vence
collect-nothing-due = No vence nada: aún no tiene ningún registro.
collect-all-sent = Todas las declaraciones de períodos pasados están enviadas.
collect-return = Declaración
collect-send-by = Enviar hasta
collect-stands = Estado
collect-is-late =
  { $days ->
    [one] un día de retraso
   *[other] { $days } días de retraso
  }
collect-due-today = vence hoy
collect-due-in =
  { $days ->
    [one] vence mañana
   *[other] vence en { $days } días
  }
collect-running = período en curso
collect-calendar = Plazos para su calendario (.ics)
collect-holidays = Aquí no se conocen los festivos: envíe la declaración antes.
collect-registrations = Registros
collect-no-registration = Aún no hay registro.
collect-do = Qué hacer
collect-ended = terminó el { $day }
collect-ends-on = termina el { $day }
collect-holds = vigente
collect-change = Cambiar
collect-end = Terminar
collect-elsewhere = registrado en otro sitio
collect-applications = Solicitudes
collect-application-to = A
collect-for = Para
collect-sent = Declaraciones enviadas
collect-owed = Debido
collect-was-late = llegó tarde
collect-in-time = llegó a tiempo
collect-pay = Pagar
collect-sales = Ventas
collect-upload = Aportar ventas
collect-file = Fichero
collect-file-hint = CSV con ventas, reembolsos y correcciones. Un fichero con un error se rechaza entero, y enviarlo dos veces no cambia nada.
collect-upload-send = Aportar
collect-file-form = Cómo es el fichero
collect-file-form-says = La primera línea nombra las columnas, en cualquier orden. Este ejemplo es una venta con impuesto y su reembolso entero.
collect-file-empty = Elija un fichero que no esté vacío.
collect-file-refused = { $name } se rechazó: no se guardó nada. Corrija estas líneas y envíelo de nuevo.
collect-faults = Errores del fichero
collect-faults-more =
  { $count ->
    [one] Y un error más.
   *[other] Y { $count } errores más.
  }
collect-doubts = Está registrado y figura tal cual en la declaración. Revíselo; lo que esté mal se arregla con una corrección.
collect-line = Línea
collect-column = Columna
collect-wrong = Qué está mal
collect-taken =
  { $count ->
    [one] Se anotó un asiento de { $name }.
   *[other] Se anotaron { $count } asientos de { $name }.
  }
collect-taken-of = Ventas: { $sales }; reembolsos: { $refunds }; correcciones: { $corrections }.
collect-taken-known =
  { $count ->
    [one] Uno ya se conocía.
   *[other] { $count } ya se conocían.
  }
collect-entries = Asientos del libro
collect-no-entries = Aún no hay nada anotado.
collect-next = Siguientes
collect-first = Volver a los primeros
collect-document = Documento
collect-day = Día
collect-to = A
collect-goods = Mercancías
collect-tax = Impuesto
collect-draft-title = { $name }, { $period }
collect-no-number = No hay número anotado
collect-is-sent = enviada el { $day }
collect-is-closed = enviada
collect-to-pay = A pagar
collect-comes-back = Se le devuelve
collect-owed-unknown = aún no se sabe: falta un tipo de cambio
collect-back-beside = Se devuelve aparte, sin compensar: { $sum }
collect-nil = No se vendió nada: una declaración a cero.
collect-not-over = El período termina el { $day }. Después se puede enviar la declaración.
collect-rates-first = Anote primero los tipos de cambio de abajo.
collect-send-on = Seguir para enviarla
collect-filed-on = Ya la envié: anotarlo
collect-warnings = Antes de enviarla
collect-unverified = Algunas reglas no están verificadas.
collect-unknown-rules =
  { $count ->
    [one] Una cosa no se sabe aún de este régimen
   *[other] { $count } cosas no se saben aún de este régimen
  }
collect-rows = Filas
collect-boxes = Casillas
collect-states = Saldo de cada país
collect-all-in = Todas las cifras en { $currency }.
collect-amount = Importe
collect-rate = Tipo
collect-net = Sin impuesto
collect-from-what = Compuesto de
collect-made-of =
  { $count ->
    [one] una línea
   *[other] { $count } líneas
  }
collect-sum = { $net } sin impuesto, { $tax } de impuesto
collect-sum-at = = { $net } y { $tax }, al tipo del { $day }
collect-sum-unknown = no se conoce el tipo del { $day }
collect-behind = Las ventas detrás
collect-behind-title = Ventas detrás de la declaración de { $period }
collect-back-to-return = Volver a la declaración
collect-no-lines = No hay ventas, reembolsos ni correcciones detrás.
collect-rates = Tipos de cambio tomados
collect-rate-wanted = (pedido: { $day })
collect-rate-missing = No hay tipo de { $currency } para el { $day }
collect-rate-find = Búsquelo y escríbalo aquí. Lo publica:
collect-rate-wait = Se publica el { $day } o después: espere hasta entonces.
collect-rate-way = Como se publica
collect-rate-number = Cuántos
collect-rate-source = Quién lo publicó
collect-rate-keep = Anotar el tipo
collect-files = Llevársela
collect-files-says = Cada fichero que tome se anota en el registro de actos.
collect-file-csv = Cifras en CSV
collect-file-not = Este fichero aún no se puede escribir
collect-file-command = El formato pide más que las cifras. La línea de comandos toma el resto de un fichero:
collect-send-title = ¿Enviar esta declaración?
collect-filed-title = ¿Anotar que la envió?
collect-goes-to = Va a
collect-send-means = Se envía al momento, y el período se cierra. Las ventas y reembolsos posteriores van en una declaración siguiente.
collect-filed-means = Esto no envía nada: usted envió la declaración en el sitio de la administración. Aquí el período se cierra con estas cifras.
collect-filed-day = Día en que la envió
collect-filed-reference = Referencia de la administración
collect-sure = He mirado las cifras.
collect-not-sure = Marque que ha mirado las cifras.
collect-send-now = Enviar la declaración
collect-filed-now = Anotarla como enviada
collect-receipt = Recibo
collect-receipt-title = Recibo: { $period }
collect-receipt-file = Recibo firmado (JSON)
collect-receipt-says = El recibo está firmado. Quien tenga la clave pública de este servicio puede comprobarlo.
collect-reference = Referencia
collect-pay-title = Pagar: { $period }
collect-pay-nothing-moved = Aquí no se mueve dinero.
collect-pay-says = Ordena el pago en su propio banco. Tome la cuenta de la administración de su carta o de su sitio.
collect-reference-unknown = Se la da la administración.
collect-pay-before = Esta declaración aún no se ha enviado. Envíela antes: el importe aún puede cambiar.
collect-qr = Un código para su aplicación bancaria
collect-qr-about = Para cuentas en euros (SEPA). Lo que escriba aquí no se guarda.
collect-qr-make = Hacer el código
collect-qr-says = Escanéelo con su aplicación bancaria, mírelo y confirme allí.
collect-qr-not = El código QR es para cuentas en euros; esta declaración está en { $currency }. Su banco toma importe, referencia y cuenta tal como constan aquí.
collect-payee = Nombre de la cuenta
collect-people = Accesos
collect-tokens = Quién puede entrar
collect-token-new = Dar acceso a alguien
collect-token-label = Para quién
collect-token-role = Papel
collect-token-role-hint = Un contable lee y prepara, y no envía nada.
collect-token-make = Hacer un código
collect-token-until = Hasta
collect-token-yours = el suyo
collect-token-revoke = Retirar
collect-token-revoked = retirado
collect-log = Actos
collect-log-says = Lo que se hizo con su libro, y quién. Cada fila lleva la huella de la anterior.
collect-log-empty = Aún no se hizo nada.
collect-when = Cuándo
collect-who-did = Quién
collect-did = Hizo
collect-what = Qué
collect-due-day =
  { $day ->
    [0] último día
   *[other] día { $day }
  } { $months ->
    [0] del último mes del período
    [1] del mes siguiente
   *[other] del mes { $months } después del período
  }
collect-due-except =
  ; si termina en { $ends }, { $day ->
    [0] el último día
   *[other] el día { $day }
  } { $months ->
    [1] del mes siguiente
   *[other] del mes { $months } después
  }
collect-scheme-sources = Fuentes ({ $count })
