# La question sous forme de formulaire.
form-item = Produit { $number }
form-goods = Que vendez-vous ?
form-goods-hint = t-shirt, ou un code : 6109.10
form-origin = Fabriqué en
form-quantity = Combien
form-price = Prix d’une pièce
form-price-hint = hors taxes
form-code = Code des marchandises
form-from = Envoyé de
form-to = Envoyé vers
form-region = État ou province
region-other = une autre région
form-freight = Livraison
form-currency = Monnaie
form-choose = Choisir…
form-not-known = Je ne sais pas
form-more = Plus sur le colis
form-channel = Qui transporte
form-sale = Qui vend à qui
form-date = Quel jour
form-schemes = Taxes que la boutique encaisse déjà : IOSS, TVA britannique, VOEC…
form-schemes-about = Cochez les régimes pour lesquels la boutique est immatriculée. Ils comptent si le colis va à cet endroit ; ailleurs, ils ne changent rien.
form-gift = Un cadeau entre particuliers
form-class = Taux de taxe de ces marchandises
form-class-usual = non indiqué : le taux habituel est retenu
class-usual = le taux habituel
form-insurance = Assurance
form-weight = Poids total, kg
form-item-weight = Poids d’une pièce, kg
form-duty-rate = Droit de douane, %
form-assumed = non indiqué : { $answer } est supposé
class-rate = { $name }, { $rate }
class-goods = { $name }, { $rate } : { $goods }
form-submit = Voir le coût
form-another = Ajouter un produit
form-example = Essayer un exemple
form-begun = Complétez le reste, puis demandez ce que cela coûte.
form-wrong = Merci de revoir ceci :
form-to-missing = Choisissez où le colis est envoyé.

# La réponse.
answer-title = Réponse
answer-whatever = Quelles que soient les marchandises
answer-pays = Droits, taxes et frais que l’acheteur paie
answer-no-shipping = hors livraison
answer-on-top = En plus de { $before } pour les marchandises et la livraison. Coût à l’arrivée : { $landed }.
answer-on-top-goods = En plus de { $before } pour les marchandises. Coût à l’arrivée, hors livraison : { $landed }.
answer-goods-worth = Les marchandises et la livraison valent { $before }.
answer-nothing-due = rien n’est dû
answer-not-allowed = Ces marchandises ne peuvent pas y être envoyées de cette façon
answer-formal-entry = Une déclaration en douane complète est nécessaire : il n’y a pas de chiffre simple
answer-prohibited = Ces marchandises ne peuvent pas être importées
answer-range = Le montant se situe entre les deux.
answer-unknown = On ne sait pas combien cela peut être en plus.
answer-below = Répondez aux questions ci-dessous pour le préciser.
answer-above = Le code de marchandises, ci-dessus, le précisera.
answer-by-shop = La boutique l’encaisse à la commande ; rien d’autre n’est dû à la livraison.
answer-carrier-fee = La poste ou le transporteur peut ajouter ses propres frais de dédouanement. Ils ne sont pas connus ici.
answer-by-both = Encaissé par la boutique à la commande : { $shop }. Dû à la livraison : { $delivery }.
answer-on-delivery = C’est dû à la livraison, sauf si la boutique paie pour l’acheteur.
answer-ask-customs = Demandez à la douane du pays de destination ou à un représentant en douane.
part-goods = Marchandises
part-shipping = Livraison
part-duties = Droits
part-taxes = Taxes
part-fees = Frais
part-maybe = hachuré : peut s’ajouter
part-open = pointillé : on ne sait pas combien en plus
bar-least = Au moins
bar-most = Au plus
term-nothing = rien
term-unknown = un montant encore inconnu
term-ddp = Rendu droits acquittés (DDP)
term-ddp-says = Ce que la boutique encaisse à la commande et verse aux autorités : { $all }. L’acheteur ne paie rien à la livraison.
term-dap = Rendu au lieu de destination (DAP)
term-dap-says = Taxes et droits encaissés par la boutique à la commande : { $shop }. Payé par l’acheteur à la livraison : { $delivery }.

# Codes que les mots peuvent désigner.
codes-title = De quel code de marchandises s’agit-il ?
codes-total = Si c’est l’un des codes probables, l’acheteur paie
codes-usual = au taux de taxe habituel
codes-unsure = Je ne suis pas sûr
codes-vague = Ces mots ne permettent de désigner aucun code.
codes-together = ces codes ensemble : { $percent } % de probabilité
codes-code = Code
codes-meaning = Ce que c’est
codes-likely = Probabilité
codes-pays = L’acheteur paie { $currency }
codes-use = Utiliser ce code
codes-left-out = Certains produits n’ont pas été cherchés. Donnez leur code.
codes-caution = Ces codes sont suggérés par vos mots. Aucun n’est certain : choisissez celui qui convient, et la réponse vaudra pour lui. Les aliments, livres, médicaments et vêtements d’enfant paient souvent une taxe réduite.

# Questions.
ask-title = Questions qui rendraient la réponse exacte
ask-worth = réduit l’écart de { $sum }
ask-open = sans réponse, il n’y a pas de limite supérieure
ask-answer = Répondre
ask-yes = Oui
ask-no = Non
ask-code = Quel est le code de ce produit ? Au moins six chiffres.
ask-code-longer = Quel est le code complet du pays de destination ? Les chiffres donnés ne suffisent pas ici.
ask-national = Lignes du tarif ({ $place }) sous ce code, chacune avec son droit général. Leurs libellés ne sont pas enregistrés ici : comparez avec le tarif officiel.
ask-national-none = Les lignes du tarif ({ $place }) sous ce code ne sont pas enregistrées ici : elles figurent dans le tarif officiel.
ask-national-all = Les { $count } lignes
ask-find-code = Trouver le code
ask-origin = Dans quel pays a-t-il été fabriqué ? Ce n’est pas toujours le pays d’envoi.
ask-channel = Qui le transporte ?
ask-region = Vers quel État ou quelle province ? Les taxes diffèrent.
ask-from = De quel pays est-il envoyé ?
ask-weight = Combien pèse-t-il, en kilogrammes ?
ask-duty-rate = Quel est le droit de douane, en pour cent ? Le tarif de la destination ({ $place }) n’est pas chargé ici.
ask-duty-rate-code = Quel est le droit de douane, en pour cent ? Aucun taux unique pour ce code n’est enregistré ici.
ask-duty-rate-hint = Cherchez-le auprès de la douane du pays de destination. La réponse dira que ce taux vient de vous.
ask-additional-duty = Quels droits additionnels s’appliquent ? Ils ne sont pas chargés ici.
ask-history = Combien de colis, et de quelle valeur, l’acheteur a-t-il déjà reçus { $period } ?
ask-by-api = Demandez à la douane du pays de destination ou à un représentant en douane, et choisissez le code qui convient : il répond souvent à cette question.
ask-code-first = Le code vient d’abord : choisissez-le ci-dessus, et ses questions suivront.
ask-code-none = Le code vient d’abord : décrivez le produit avec d’autres mots, ou donnez son code. Ses questions suivront.
ask-number = Nombre
ask-parcels = Nombre de colis
ask-parcels-value = Leur valeur
ask-more = Autres questions
ask-class = Ces marchandises ont-elles un taux de taxe réduit ?
ask-class-usual = Non, le taux habituel
ask-title-class = Encore une question

# Pourquoi.
why-title = Pourquoi : chaque prélèvement et sa loi
why-charge = Prélèvement
why-rule = Règle
why-on = Sur { $currency }
why-due = Dû { $currency }
why-who = Encaissé
why-law = Loi
why-all = Total des prélèvements
why-free = exonéré
why-when = Quand cette règle s’applique
why-base = Calculé sur
why-source = Source { $number }
why-waived = trop faible, non perçu
why-one-case = dans l’un des cas
why-rate-unknown = le taux n’est pas connu
why-not-always = pas dans tous les cas
why-several =
    { $count ->
        [one] { $count } règle
       *[other] { $count } règles
    }
items-title = La part de chaque produit
items-item = Produit
items-value = Valeur { $currency }
items-share = Prélèvements, part de la valeur

# Économies, changements, interprétations, remarques.
save-title = L’acheteur pourrait-il payer moins ?
save-none = Aucun droit plus bas à demander n’est enregistré pour ces marchandises.
save-open = Cela dépend de réponses qui manquent encore : quelles sont les marchandises, ou où elles ont été fabriquées.
save-unknown = On ne le sait pas.
save-unknown-why = Les droits réduits des accords commerciaux ne sont pas enregistrés ici pour la destination ({ $place }), ou ne le sont qu’en partie. Demandez à sa douane ou à un commissionnaire en douane.
save-less = de moins pour { $item } :
save-claim = demandez { $program }.
save-proof = Preuve à détenir :
save-documents = Documents à détenir : { $documents }.
save-additional = Si les marchandises relèvent du code additionnel { $code }.
save-rule = Le droit est alors
save-total = Le total serait de { $total }.
next-title = Ce qui va changer
next-none = Aucun changement touchant ce colis n’est annoncé dans ce qui est enregistré.
next-no-day = Date non fixée
next-all = Tous les changements : { $place }
dispute-title = Une règle lue de deux façons
dispute-used = Retenu ici :
dispute-other = Sinon :
dispute-total = Le total serait de
notes-good = Bon à savoir
notes-care = Attention
notes-same =
    { $count ->
        [one] De même pour { $count } autre cas
       *[other] De même pour { $count } autres cas
    }
notes-assumed = Supposé, faute d’indication
papers-title = Documents, autorisations et aide
papers-what = documents, autorisations et interdictions ({ $place }), organismes d’appui aux entreprises
sources-title = Sources
sources-rates = Taux de change
sources-editions = Éditions des données utilisées

# La courbe.
curve-title = Ce qui se passe autour de cette valeur
curve-name = Prélèvements ({ $place }) selon la valeur des marchandises
curve-here = ce colis
curve-goods = Valeur des marchandises, { $currency }
curve-caption = La ligne est le total dû. Les pointillés sont les limites où les règles changent. La bande est ce qui peut s’ajouter.
curve-slide = Déplacez pour voir d’autres valeurs, { $currency }
curve-table = Les mêmes chiffres en tableau
curve-kind = Réponse
curve-no-cliff = Aucune limite où les règles changent n’est proche de cette valeur.
cliff-title = Limites où le montant saute
cliff-up-to = Marchandises jusqu’à
cliff-due = dû
cliff-from = Marchandises à partir de
cliff-changes = Ce qui change
cliff-collected = perçu
cliff-more = Il y a plus de limites que celles montrées ici.

# La page, partager, comparer.
markets-title = { $goods } : { $from } → { $to }
markets-title-to = { $goods } → { $to }
markets-law = Droit en vigueur le { $day }.
markets-change = Modifier la question
markets-address = Cette réponse se trouve à l’adresse
markets-old = Le droit antérieur au { $day } n’est enregistré qu’en partie. Vérifiez ce que vous lisez ici.
share-title = Garder, envoyer, comparer
share-link = Lien vers cette réponse, selon le droit du { $day }
share-compare = Comparer avec d’autres pays
share-csv = Tableau (CSV)
share-print = Imprimer
share-json = Tous les détails (JSON)
share-rules = Toutes les règles : { $place }
compare-title = Le même panier vers d’autres pays
compare-lede = Les montants exacts d’abord, du moins cher au plus cher ; puis les fourchettes selon leur maximum ; ceux sans limite ou sans chiffre à la fin.
compare-no-basket = Il n’y a pas encore de panier à comparer.
compare-to-markets = Dites ce que vous vendez
compare-why = Beaucoup de réponses sont des fourchettes, car tout n’a pas été dit
compare-why-count =
    { $count ->
        [one] ouvert dans { $count } réponse
       *[other] ouvert dans { $count } réponses
    }
compare-table = Comparaison
compare-before = Marchandises et livraison
compare-place = Envoyé vers
compare-bar = Coût à l’arrivée
compare-open = on ne sait pas combien en plus
compare-landed = À l’arrivée { $currency }
compare-at-checkout = À la commande { $currency }
compare-one-amount = ce montant, si cette procédure est ouverte
compare-kind = Certitude
compare-choose = Choisir les lieux
compare-groups = Groupes
compare-all = Tous les pays
compare-single = Pays un par un
compare-submit = Comparer
basket-item = { $quantity } × { $name }, { $price } l’unité
basket-shipping = livraison { $sum }
wrong-of = { $field } :
wrong-currency = n’est la monnaie d’aucun pays ici ; choisissez-en une dans la liste, par exemple EUR
wrong-region = n’est pas un État ou une province connus ici de la destination ({ $place }) ; choisissez dans cette liste : { $list }
wrong-code = n’est pas un code de marchandises : le Système harmonisé n’a pas de { $part } ; cherchez le code par des mots
wrong-day-far = est en dehors de ce qui est enregistré ici ; choisissez un jour du { $first } au { $last }
