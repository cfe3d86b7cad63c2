# La primera página.
start-title = ¿Cuánto costará al llegar?
start-lede = Diga qué vende y adónde va. Verá lo que paga el comprador, quién lo cobra y la ley que hay detrás de cada cifra, antes de enviar nada.
start-code = ¿Qué código de mercancías?
start-code-about = De sus palabras al código que usa la aduana, con las preguntas que deciden.
start-rates = ¿Qué cobra un país?
start-rates-about = Reglas, umbrales y tipos de { $count } economías, con su historia y sus fuentes.
start-shops = En su tienda
start-shops-about = Una API abierta, un widget para páginas de producto y sin cuenta.
