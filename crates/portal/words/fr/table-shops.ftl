# Où se trouve un paramètre de l’API.
place-path = dans le chemin
place-query = après le point d’interrogation
place-header = dans un en-tête
