# Palabras para las páginas y respuestas que se cuentan.
use-page-markets = Mercados: respuestas
use-page-code = Código de mercancías: búsqueda
use-page-code-place = Código de mercancías: una sección, un capítulo o un código
use-page-rates = Tipos: todas las economías
use-page-rates-changes = Tipos: qué cambia
use-page-rates-freshness = Tipos: actualidad
use-page-rates-downloads = Tipos: descargas
use-page-rates-territory = Tipos: una economía
use-page-rates-territory-code = Tipos: un código de mercancías
use-answer-code = página de un código
use-answer-codes = códigos probables
use-answer-old = código de una edición anterior
use-answer-vague = faltan datos para un código
use-answer-too-vague = faltan datos para un código
use-answer-received = corrección recibida
use-answer-refused = rechazada: no se pudo leer la pregunta
