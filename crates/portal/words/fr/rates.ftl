# Listes des économies.
rates-title = Ce que prélève chaque économie
rates-lede = Règles, limites et taux de { $count } économies, chacun avec ses sources et son degré de certitude.
rates-tabs = Pages sur les taux
rates-tab-list = Toutes les économies
rates-tab-changes = Ce qui change
rates-tab-freshness = Fraîcheur
rates-tab-downloads = Téléchargements
rates-crumbs = Vous êtes ici
rates-contents = Sur cette page
rates-foreign = Les énoncés de droit viennent des données et sont en anglais, comme une partie des noms de règles, des questions et des remarques.
rates-economies = Économies
rates-find = Chercher une économie
rates-find-go = Chercher
rates-find-all = Tout afficher
rates-found = { $count ->
    [one] { $count } économie
   *[other] { $count } économies
}
rates-letters = Aller à une lettre
rates-strip = Taux normaux dans le monde
rates-strip-about = Chaque point est une économie avec le taux normal de sa taxe principale.
rates-strip-said = { $count } économies : de { $least } ({ $low }) à { $most } ({ $high }) ; la moitié applique { $middle } ou moins. Le tableau ci-dessus les donne toutes.
rates-strip-none = { $count ->
    [one] { $count } économie n’a pas de taux normal ici, ni de point.
   *[other] { $count } économies n’ont pas de taux normal ici, ni de point.
}
# Colonnes.
rates-col-economy = Économie
rates-col-tax = Taxe
rates-no-tax = aucune
rates-col-rate = Taux normal
rates-col-duty-free = Droit de douane
rates-col-tax-free = Taxe à l’importation
rates-col-currency = Monnaie
rates-col-sure = Fiabilité
rates-sure-about = Un mot à côté de chaque fait dit s’il repose sur un texte officiel ou sur une source indirecte, ou s’il n’est pas vérifié.
rates-sure-link = Ce que ces mots veulent dire
rates-list-narrow = Chaque nom est ici suivi du taux normal de sa taxe principale ; le nom mène à tout le reste.
rates-col-edition = Édition la plus récente
rates-col-authority = Éditeur
rates-col-number = Numéro
rates-col-published = Publié ici
rates-col-class = Taux
rates-col-today = Aujourd’hui
rates-col-goods = Quelles marchandises
rates-col-history = Valeurs dans le temps
rates-col-charge = Prélèvement
rates-col-rule = Règle ou taux
rates-col-when = En vigueur
rates-col-status = État
rates-col-case = Dans quel cas
rates-col-due = Ce qui est dû
rates-col-who = Qui perçoit
rates-col-code = Code
rates-col-kind = Nature
rates-col-for = Pour quelles marchandises
rates-col-sources = Sources
rates-col-from = À partir du
rates-col-changed = Ce qui a changé
rates-duty-begins = commence
rates-duty-ends = prend fin
rates-duty-before = auparavant
rates-col-oldest = Partie la plus ancienne
rates-col-series = Série
rates-col-currencies = Monnaies
rates-col-last = Dernier jour
rates-col-terms = Conditions
# À partir de quelle valeur quelque chose est dû.
rates-low-free = jamais prélevé sur les colis ordinaires
rates-low-first = dès le premier centime
rates-low-up-to = exonéré { $limit }
rates-low-owed = dès le premier centime, mais rien n’est perçu si { $cash } ou moins est à payer
rates-low-owed-below = dès le premier centime, mais rien n’est perçu si moins de { $cash } est à payer
rates-low-depends = ne dépend pas seulement de la valeur
rates-limit = jusqu’à { $cash }
rates-limit-below = moins de { $cash }
rates-limit-per = { $limit } par { $scope }
# Une économie.
rates-of = Taux : { $name }
rates-care = Attention :
rates-glance = En bref
rates-currency = Les prélèvements sont calculés en { $currency }
rates-ordinary = Ce qui s’applique aujourd’hui à un colis ordinaire
rates-ordinary-about = Ordinaire : une boutique sans immatriculation vend à un particulier, depuis l’étranger, des marchandises sans règle spéciale, et ne demande aucune préférence. Les règles ci-dessous donnent tous les autres cas.
rates-only-some = Seulement dans certains cas :
rates-case-always = toujours
rates-case-otherwise = sinon
rates-charges = Prélèvements, règle par règle
rates-charges-about = Dans l’ordre du calcul. Chaque liste se lit du haut vers le bas : la première règle qui convient décide.
rates-no-charges = Aucun prélèvement n’est enregistré ici. Cela ne veut pas dire que rien n’est dû : demandez à la douane ou au transporteur.
rates-charge-base = Calculé sur : { $base }
rates-charge-by = Perception : { $who }
rates-charge-round = Arrondi { $rounding }
rates-charge-rules = { $count ->
    [0] aucune règle aujourd’hui
    [one] { $count } règle aujourd’hui
   *[other] { $count } règles aujourd’hui
}
rates-charge-base-round = La base est d’abord arrondie { $rounding }
rates-rounding = { $mode } à un multiple de { $unit }, { $stage }
rates-own-base = Calculé sur une base propre.
rates-ladder-none = Aucune règle de ce prélèvement n’est en vigueur aujourd’hui.
rates-ladder-later = Pas encore en vigueur
rates-ladder-past = { $count ->
    [one] { $count } règle qui n’est plus en vigueur
   *[other] { $count } règles qui ne sont plus en vigueur
}
rates-when = Si : { $when }
rates-sources = { $count ->
    [one] Source :
   *[other] Sources :
}
rates-waivers = Trop faible pour être perçu
rates-waiver = Non perçu si le total de { $charges } est { $limit }.
rates-tables = Taux de taxe
rates-rate-part = part nationale { $part }
rates-codes = Codes { $codes }
rates-and-more = et { $count } autres
rates-history-of = { $name } : taux dans le temps
rates-timeline = Règles et taux depuis 2024
rates-timeline-said = Chronologie du { $from } au { $until }. Le tableau ci-dessous dit la même chose.
rates-timeline-table = La chronologie en tableau
rates-timeline-open = Afficher la chronologie ({ $count } lignes)
rates-today = aujourd’hui
rates-bar-more = { $count ->
    [one] { $name } et { $count } autre
   *[other] { $name } et { $count } autres
}
rates-bar-law = en vigueur aujourd’hui
rates-bar-scheduled = adopté, commence plus tard
rates-bar-proposed = proposé, pas encore une loi
rates-bar-suspended = suspendu
rates-bar-over = terminé
rates-no-day = aucun jour n’est enregistré
rates-schemes = Immatriculations pour les vendeurs
rates-schemes-none = aucune n’est enregistrée
rates-scheme-who = Qui s’immatricule
rates-scheme-returns = Déclarations
rates-scheme-due = Échéance
rates-disputes = Règles interprétées de deux façons
rates-dispute-used = utilisée dans les réponses
rates-dispute-other = l’autre interprétation
rates-questions = Questions qu’une réponse peut exiger
rates-ask-yes = Oui est supposé.
rates-ask-no = Non est supposé.
rates-ask-open = Rien n’est supposé : sans réponse, vous voyez une fourchette.
rates-questions-open = Afficher les { $count } questions
rates-exchange = Taux de change selon la loi
rates-series-not-loaded = non chargée ici
rates-series-fallback = À sa place :
rates-member = Unions et groupes
rates-member-none = Elle n’appartient à aucune union ni aucun groupe connus ici.
rates-members = { $count ->
    [one] { $count } membre
   *[other] { $count } membres
}
rates-members-past = Anciens membres
rates-beside = Pas membres, mais soumis à une partie de ses règles
rates-facts = Faits et sources
rates-facts-folded = { $count } faits, chacun avec sa source. Le numéro à côté d’une règle mène à son fait.
rates-facts-part = Faits { $first } à { $last }
rates-fact-holds = Valable { $span }
rates-editions = Éditions
rates-age = { $days ->
    [0] publié aujourd’hui
    [one] il y a { $days } jour
   *[other] il y a { $days } jours
}
rates-days-old = date de { $days } jours
rates-correct = Quelque chose est faux ou manque ?
rates-correct-how = Comment le corriger
rates-as-json = Toute cette page en JSON
rates-span = du { $from } au { $last }
rates-span-since = depuis le { $day }
rates-span-from = à partir du { $day }
rates-span-until = jusqu’au { $day }
rates-tariff = Tarif douanier
rates-tariff-lines = { $count ->
    [one] { $count } taux chargé
   *[other] { $count } taux chargés
}
rates-tariff-bounds = { $count ->
    [one] seuls le minimum et le maximum sont connus, pour { $count } plage de codes
   *[other] seuls le minimum et le maximum sont connus, pour { $count } plages de codes
}
rates-tariff-none = aucun tarif chargé ici
rates-look = Droit pour un code de marchandises
rates-look-code = Code des marchandises
rates-look-hint = Quatre chiffres ou plus, par exemple 6109.10.
rates-look-find = Trouver le code à partir de vos mots
rates-look-go = Voir le droit
rates-look-none = Aucun taux de tarif n’est chargé pour cette économie : là où le tarif compte, les réponses donnent une fourchette ou vous demandent le taux.
# Économies inconnues.
rates-missing = Cette économie n’est pas connue ici
rates-missing-code = « { $code } » n’est pas le code d’une économie dont les règles sont connues ici.
rates-missing-rules = Les règles de { $name } ne sont pas encore enregistrées. Cela ne veut pas dire que rien n’est dû.
rates-missing-group = { $name } est un groupe de pays et ne prélève rien lui-même. Consultez un de ses membres.
rates-missing-near = Vouliez-vous dire
rates-missing-all = Voir toutes les économies
# Conditions en mots.
rates-and = et
rates-or = ou
rates-or-else = soit
rates-either = soit { $list }
rates-list = une liste de la loi
rates-places-list = l’un des lieux énumérés par la loi
rates-more = { $list } et { $count } autres
rates-when-always = toujours
rates-when-value = { $left } : { $compare } { $right } par { $scope }
rates-when-imports = colis de l’acheteur : { $compare } { $number } par { $scope }
rates-when-weight = poids : { $compare } { $number } kg par { $scope }
rates-when-quantity = quantité ({ $unit }) : { $compare } { $number } par { $scope }
rates-when-goods = marchandises : { $list }
rates-when-any-goods = au moins un article parmi : { $list }
rates-when-no-goods = aucun article parmi : { $list }
rates-when-only-goods = seulement des articles parmi : { $list }
rates-when-origin = origine : { $places }
rates-when-shipped = pays d’envoi : { $places }
rates-when-seller = vendeur établi : { $places }
rates-when-delivered = destination : { $places }
rates-when-region = État ou province : { $places }
rates-when-registered = la boutique est immatriculée pour { $scheme }
rates-when-buyer = l’acheteur a donné un numéro fiscal valide
rates-when-gift = un cadeau entre particuliers
rates-when-declaration = déclaration de type { $kind }
rates-when-fact = oui à « { $question } »
rates-when-claims = { $program } est demandé
rates-when-claims-any = une préférence est demandée
rates-when-document = avec le document { $document }
rates-when-reading = { $question } Réponse retenue : { $reading }
rates-when-took = { $charge } suit la règle « { $rung } »
rates-not = sauf : { $what }
rates-not-goods = pas de marchandises parmi : { $list }
rates-not-origin = origine autre que { $places }
rates-not-shipped = tout pays d’envoi sauf { $places }
rates-not-delivered = destination autre que { $places }
rates-not-registered = la boutique n’est pas immatriculée pour { $scheme }
rates-not-gift = pas un cadeau
rates-not-fact = non à « { $question } »
# Montants en mots.
rates-free = exonéré
rates-part-customs = valeur en douane
rates-amount-of = { $rate } de { $what }
rates-amount-gross-up = { $rate } d’une base qui comprend la taxe elle-même
rates-amount-per = { $cash } par { $unit }
rates-amount-base = sa base
rates-amount-tariff = le taux du tarif douanier
rates-amount-max = le plus grand de : { $list }
rates-amount-min = le plus petit de : { $list }
rates-amount-clamp = { $amount }, au moins { $least } et au plus { $most }
rates-amount-if = ({ $then } si { $when }, sinon { $otherwise })
rates-amount-rounded = { $amount } (arrondi séparément)
rates-amount-slice = à partir de { $from } : { $rate }
rates-amount-bands = par tranches de { $what } : { $slices }
rates-amount-items = articles entiers jusqu’à { $limit } exonérés, le reste { $otherwise }
rates-amount-table = { $table } au taux des marchandises (normal { $rate })
rates-amount-table-open = { $table } au taux des marchandises
# Mesures d’un code de marchandises.
rates-measure-title = { $code } : { $name }
rates-measure-lede = Toutes les mesures du tarif douanier pour ce code et ses subdivisions, le { $day }.
rates-measure-cut = Le tarif n’a pas de code { $asked } ce jour-là ; voici { $code }. C’est peut-être un code d’un autre pays ou d’une édition plus ancienne : vérifiez-le.
rates-origin = Pays d’origine
rates-origin-any = Toute origine
rates-origin-wrong = « { $origin } » n’est pas le code d’un territoire connu ici ; toutes les origines sont donc affichées.
rates-origin-choose = Choisir l’origine dans la liste
rates-date = Jour
rates-date-wrong = Ce jour ne peut pas être lu ; aujourd’hui est affiché.
rates-show = Afficher
rates-measures = Mesures en vigueur
rates-measures-not-now = Des mesures sont chargées pour ce code, mais aucune pour le { $day }.
rates-lines-many = { $count } lignes du tarif relèvent de ce code. Choisissez la partie à laquelle appartiennent vos marchandises :
rates-lines-below = { $count ->
    [one] { $count } ligne
   *[other] { $count } lignes
}
rates-lines-about = { $count } lignes du tarif ; ouvrez celle de vos marchandises.
rates-line = Mesures de { $code }
rates-line-count = { $count ->
    [one] { $count } mesure
   *[other] { $count } mesures
}
rates-measures-other = { $count ->
    [one] { $count } mesure d’autres jours
   *[other] { $count } mesures d’autres jours
}
rates-nothing-tariff = Aucun tarif de cette économie n’est chargé ici : le droit pour ce code n’est donc pas connu.
rates-nothing-code = Aucune mesure n’est chargée pour { $code } : le droit n’est donc pas connu ici.
rates-nothing-bounds = Pour certains codes, seuls le minimum et le maximum du droit sont connus : une réponse donne une fourchette.
rates-nothing-check = Vérifiez le code : il est peut-être d’un autre pays ou d’une édition plus ancienne.
rates-nothing-rate = Si vous connaissez le taux, donnez-le avec votre question.
rates-nothing-ask = Demander ce que coûte le colis
rates-nothing-import = Qui exploite ce service peut charger un tarif officiel :
rates-no-code = Il n’y a pas ici de code de marchandises { $code }
rates-no-code-why = Il ne figure ni dans le Système harmonisé de 2022 ni dans une édition antérieure, et aucun tarif chargé ici pour { $name } ne le contient. On ne peut donc rien dire de son droit ; ce n’est pas un droit nul.
rates-no-line = { $name } : pas de ligne pour { $code }
rates-no-code-line = Il figure dans le Système harmonisé, mais le tarif de { $name }, chargé ici en entier, n’a pas de ligne pour lui. Son droit y est inconnu ; ce n’est pas un droit nul.
rates-no-code-above = Le code le plus proche au-dessus :
rates-no-code-again = Indiquer un autre code pour { $name }
rates-for-all = toutes les marchandises du code
rates-for = origine : { $places }
rates-for-not = sauf { $places }
rates-claim = À demander :
rates-proof = Preuve :
rates-condition = sous une autre condition
rates-additional-code = Code additionnel { $code }
rates-quota = Contingent { $number }
rates-code-meaning = Ce que signifie ce code
rates-name-origin = Choisissez où les marchandises ont été fabriquées pour voir tous les droits ensemble, y compris additionnels, et leur histoire.
rates-general-history = Le droit général depuis 2024
rates-general-about = En pourcentage de la valeur, sans préférence ni droit additionnel. Un vide est une période pour laquelle aucun pourcentage unique n’est chargé.
rates-no-number = pas de pourcentage unique
rates-to-come = à venir
rates-origin-history = Tous les droits sur les marchandises d’origine { $origin }
rates-origin-about = Tous les droits de douane ensemble en pourcentage de la valeur, pour un envoi entre entreprises sans rien demander.
rates-origin-none = Les droits sur ces marchandises ne sont pas ici un pourcentage unique de la valeur. Posez la question pour vos marchandises pour voir un montant ou une fourchette.
rates-union-ask = Les marchandises sont envoyées à un membre de l’union : consultez la page d’un membre pour tous les droits ensemble.
rates-reached = Ce qui s’applique à ces marchandises le { $day }
rates-all-duties = Tous les droits
# Fraîcheur.
rates-freshness = Fraîcheur des données
rates-freshness-lede = Quand ce que l’on sait de chaque économie a été publié ; d’abord celles dont la partie la plus ancienne, le plus souvent le tarif, est la plus ancienne. Ancien ne veut pas dire faux : personne n’a vérifié depuis.
rates-freshness-sum = { $count } économies ; { $old } reposent sur une édition de plus de 90 jours ; { $loaded } avec des taux d’un tarif.
rates-freshness-old = Plus de 90 jours ({ $count })
rates-freshness-new = Vérifié depuis moins de 90 jours ({ $count })
rates-freshness-since = Partie la plus ancienne : { $day } ({ $count })
rates-series = Séries de taux de change
# Changements.
rates-changes = Ce qui a changé et ce qui va changer
rates-changes-lede = Tout changement daté d’une règle ou d’un taux : d’abord les changements à venir, puis ceux déjà en vigueur.
rates-changes-unknown = Ce territoire n’est pas connu ici.
rates-changes-none = Rien n’est enregistré pour cette période.
rates-changes-more = Changements { $first } à { $last } sur { $count }.
rates-changes-back = Les précédents
rates-changes-on = Les suivants
rates-all-economies = Toutes les économies
rates-from = Du
rates-before = Avant le
rates-coming = À venir
rates-past = Déjà en vigueur
rates-proposed = Proposé ou sans date
rates-proposed-about = Pas une loi, ou adopté sans premier jour : aucune réponse n’en tient compte.
rates-feeds = Être informé par un flux :
rates-change-from-to = { $before } → { $after }
rates-change-measures = { $count ->
    [one] { $count } début ou fin de mesure tarifaire
   *[other] { $count } débuts et fins de mesures tarifaires
}
# Téléchargements.
rates-downloads = Emporter les données
rates-downloads-lede = Les mêmes données que derrière chaque page, pour les programmes et les tableurs. Aucun compte n’est nécessaire.
rates-file-ratebook = Le recueil de taux
rates-file-ratebook-about = Un seul fichier avec toutes les règles, tous les taux et toutes les mesures utilisés ici ; la bibliothèque et la commande le lisent tel quel.
rates-file-economies = Toutes les économies en JSON
rates-file-economies-about = Une ligne pour chacune ; chacune a son propre document en dessous.
rates-file-csv = Taux normaux en CSV
rates-file-csv-about = Pour un tableur : code, taxe, taux normal du jour, édition, nombre de faits par degré de certitude. Un champ vide n’est pas un zéro.
rates-file-feed = Changements en flux
rates-file-feed-about = Ce qui change et quand, pour un lecteur de flux.
rates-licences = Licences et attribution
rates-licences-about = Qui utilise les données nomme ces sources. Les faits de chaque économie nomment leur propre source un par un.
