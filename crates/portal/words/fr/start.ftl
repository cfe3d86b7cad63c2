# La première page.
start-title = Combien cela coûtera‑t‑il à l’arrivée ?
start-lede = Dites ce que vous vendez et où cela va. Vous voyez ce que l’acheteur paie, qui l’encaisse et la loi derrière chaque chiffre, avant tout envoi.
start-code = Quel code de marchandises ?
start-code-about = De vos mots au code que la douane utilise, avec les questions qui décident.
start-rates = Que prélève un pays ?
start-rates-about = Règles, seuils et taux de { $count } économies, avec leur histoire et leurs sources.
start-shops = Dans votre boutique
start-shops-about = Une API ouverte, un widget pour les pages de produits, sans compte.
