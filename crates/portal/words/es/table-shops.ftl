# Dónde está un parámetro de la API.
place-path = en la ruta
place-query = después del signo de interrogación
place-header = en una cabecera
