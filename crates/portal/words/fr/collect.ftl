# Pages des vendeurs : enregistrements, ventes, déclarations.
collect-title = S’enregistrer, déclarer, payer
collect-lede = Les boutiques qui perçoivent la taxe à la vente s’enregistrent une fois, puis déclarent et paient pour chaque période. Ici, vous vous enregistrez, vous apportez vos ventes, vous voyez ce qui est dû et vous envoyez la déclaration avec chaque chiffre expliqué. Aucun argent ne circule ici : vous payez à votre propre banque.
collect-where = Où dois-je m’enregistrer ?
collect-where-says = Répondez à quelques questions sur ce que vous vendez et où.
collect-no-house = Avec la ligne de commande
collect-no-house-says = Ce site ne garde pas de vendeurs. Le programme tidewaiter fait la même chose sur votre ordinateur : règles, registre, déclarations, délais. Rien n’en sort.
collect-hello = Vous êtes connecté : { $label }.
collect-keeper-says = Vous tenez cette maison : les commandes de « tidewaiter collect house » ajoutent des autorités et donnent des jetons. Les déclarations sont chez les vendeurs et les autorités.
collect-to-mine = Ma page
collect-to-authority = Page de l’administration
collect-leave = Se déconnecter
collect-new = Je suis nouveau ici
collect-new-says = Un nom suffit. Vous recevez un jeton, qui est votre clé.
collect-sign-up = S’inscrire
collect-back = J’ai un jeton
collect-schemes = Régimes dont les déclarations sont décrites
collect-schemes-says = Chaque page dit ce que contient la déclaration, quand elle est due, ce que demande l’inscription, où cela est écrit, et ce qu’on ne sait pas encore.
collect-scheme = Régime
collect-place = Lieu
collect-period = Période
collect-due = Déclaration due
collect-currency = Monnaie
collect-period-month = { $month } { $year }
collect-period-months = { $first } à { $last } { $year }
collect-period-years = { $first } à { $last }
collect-due-extra =
  { $extra ->
    [one] et un jour
   *[other] et { $extra } jours
  }
collect-due-next = , ou le lundi après un week-end
collect-due-previous = , ou le vendredi avant un week-end
collect-apply-here = S’enregistrer
collect-scheme-short = En bref
collect-scheme-holds = Ce que contient la déclaration
collect-scheme-rows = Des lignes, par lieu des acheteurs et par taux : le prix hors taxe, et la taxe.
collect-scheme-fields = Ce que demande l’inscription
collect-scheme-fields-says = Ces indications figurent dans le fichier du régime. Une administration qui reçoit ici les demandes peut en demander moins, ou d’autres.
collect-checked = vérifié
collect-optional = (facultatif)
collect-scheme-official = Page officielle :
collect-scheme-unknown = Ce qu’on ne sait pas encore
collect-scheme-settles = Ce qui le dirait :
collect-scheme-more = En savoir plus sur ce régime
collect-who = Qui
collect-receives = Reçue par
collect-register-at = S’enregistrer auprès de
collect-takes = Combien de temps
collect-period-from = , comptée depuis le mois de l’enregistrement
collect-due-nil = Même si rien n’a été vendu.
collect-pay-by = Payer jusqu’au
collect-pay-with = Avec la déclaration
collect-rates-of = Taux de change de :
collect-refunds = Remboursements
collect-refunds-corrections = Ils changent la période de la vente : une correction, si sa déclaration a été envoyée.
collect-refunds-deducted = Ils sont déduits dans la période où l’argent a été rendu.
collect-past = Périodes passées
collect-past-apart = Elles sont corrigées dans une déclaration ultérieure, dans une partie à part.
collect-past-among = Elles sont corrigées parmi les chiffres d’une déclaration ultérieure.
collect-past-amended = Elles sont corrigées dans une déclaration rectificative.
collect-late-means = En cas de retard
collect-ends = Comment cela finit
collect-shape = Format de fichier publié
collect-box = Case
collect-box-name = Son nom
collect-token = Jeton
collect-token-hint = Il commence par twc_ et vous a été montré une fois.
collect-token-wrong = Ce jeton n’est pas connu ici, a expiré ou a été retiré. Copiez-le en entier, ou demandez-en un autre.
collect-enter = Se connecter
collect-enter-says = Collez votre jeton. Il reste dans ce navigateur jusqu’à ce que vous le fermiez ou vous déconnectiez.
collect-no-token-yet = Pas encore de jeton ?
collect-closed = Sur ce site, les vendeurs ne peuvent pas s’inscrire eux-mêmes. Ceux qui le tiennent donnent les jetons.
collect-sign-up-says = Le nom de votre entreprise suffit pour commencer.
collect-name = Nom de votre entreprise
collect-short = Nom court
collect-short-hint = Petites lettres, chiffres et traits d’union. Vide, il est fait à partir du nom.
collect-welcome = Bienvenue
collect-welcome-says = Votre registre est ouvert, sous le nom court { $short }. Vous êtes connecté.
collect-keep = Gardez ce jeton
collect-keep-says = Il n’est montré que cette fois. Qui l’a peut agir pour vous ; sans lui, vous ne pouvez pas revenir. Copiez-le dans un gestionnaire de mots de passe ou notez-le. Il expire le { $until }.
collect-apply-next = S’enregistrer maintenant
collect-signed-in = { $label }, { $role } de { $seller }
collect-ways = Pages de votre entreprise
collect-not-done = Cela n’a pas été fait.
collect-may-not = Votre jeton permet de lire ceci, pas de le faire.
collect-cancel = Ne pas le faire
collect-apply = S’enregistrer
collect-apply-at = Administrations que vous pouvez joindre ici
collect-apply-at-says = Un formulaire. Certaines donnent le numéro aussitôt, d’autres l’examinent d’abord.
collect-prepare-for = Autres administrations
collect-prepare-for-says = Elles prennent les demandes sur leurs propres sites. Remplissez le formulaire ici, emportez les indications, puis notez le numéro que vous recevez.
collect-number-got = J’ai un numéro
collect-apply-title = S’enregistrer : { $name }
collect-change-title = Changer vos indications : { $name }
collect-answer-title = Répondre : { $name }
collect-asks = L’administration demande
collect-says = L’administration répond
collect-more-fields =
  { $count ->
    [one] Un autre champ, facultatif
   *[other] { $count } autres champs, facultatifs
  }
collect-fields-wrong =
  { $count ->
    [one] Un champ est à corriger. Rien n’a été envoyé.
   *[other] { $count } champs sont à corriger. Rien n’a été envoyé.
  }
collect-from-today = L’enregistrement est demandé à partir du { $day }.
collect-send = Envoyer
collect-send-says = Ce que vous écrivez va à { $name } et figure ici dans votre registre. Personne d’autre ne le voit.
collect-choose = Choisir…
collect-yes = Oui
collect-no = Non
collect-hint-phone = Avec le pays : +353 1 234 5678
collect-hint-urls = shop.example ; plusieurs séparés par des espaces
collect-hint-amount = Des chiffres, un point avant les centimes : 1250.50
collect-hint-like = Il ressemble à { $shown }
collect-likely = Vouliez-vous dire
collect-likely-none = Aucun : je l’écris à nouveau ci-dessus
collect-fault-missing = Remplissez ce champ.
collect-fault-long = Raccourcissez à { $most } caractères.
collect-fault-unseen = Il contient des caractères invisibles. Écrivez-le à nouveau.
collect-fault-email = Écrivez une adresse électronique : nom@exemple.com
collect-fault-phone = Écrivez d’abord + et le pays : +353 1 234 5678
collect-fault-url = « { $text } » n’est pas une adresse de site. Écrivez https://shop.example
collect-fault-country = Choisissez un pays.
collect-fault-day = Choisissez un jour.
collect-fault-yes-no = Choisissez oui ou non.
collect-fault-amount = Écrivez des chiffres, avec un point avant les centimes : 1250.50
collect-fault-number = Ce numéro ne peut pas être juste :
collect-fault-not-asked = Ceci n’est plus demandé.
collect-fault-among = L’administration accepte : { $values }
collect-fault-refused = L’administration n’accepte pas « { $text } » ici.
collect-fault-outside = Choisissez un jour du { $first } au { $last }.
collect-fault-taken = Un autre vendeur enregistré a le même. S’il est à vous, demandez à l’administration.
collect-application = { $kind } : { $name }
collect-your-number = Votre numéro :
collect-number-from = Il vaut à partir du { $day }. Il figure déjà dans votre registre.
collect-waiting = La demande est chez { $name }. Vous n’avez rien à faire ; revenez ici pour la réponse.
collect-answer = Répondre
collect-withdraw = La retirer
collect-written = Ce que vous avez écrit
collect-application-number = Numéro de la demande
collect-sent-at = Envoyée
collect-decided-at = Décidée
collect-from-day = Premier jour
collect-end-title = Mettre fin à l’enregistrement : { $name }
collect-end-says = L’administration en décide. Les déclarations des périodes d’avant restent dues.
collect-end-day = Premier jour où il ne vaut plus
collect-end-send = Demander la fin
collect-prepare-title = Indications pour { $name }
collect-prepare-says = Vous faites la demande sur le site de l’administration. Ici, le formulaire est vérifié ; rien n’est envoyé ni gardé. Reçue par :
collect-prepare = Vérifier
collect-prepared = Prêt : { $name }
collect-prepared-says = Chaque champ peut être juste. Emportez le texte, et notez le numéro qu’on vous donne.
collect-as-text = Télécharger en texte
collect-number-title = Votre numéro : { $name }
collect-number-says = Avec lui, vos déclarations et leurs délais sont connus ici. S’il a été attribué, seule l’administration peut le dire.
collect-number = Numéro
collect-number-keep = Noter le numéro
collect-state = Pays qui l’a donné
collect-state-hint = Deux lettres, comme IE, si plusieurs pays partagent le régime.
collect-mine = Ma page
collect-is-due = Ce qui est dû
collect-nothing-due = Rien n’est dû : vous n’avez pas encore d’enregistrement.
collect-all-sent = Toutes les déclarations des périodes passées sont envoyées.
collect-return = Déclaration
collect-send-by = Envoyer jusqu’au
collect-stands = État
collect-is-late =
  { $days ->
    [one] en retard d’un jour
   *[other] en retard de { $days } jours
  }
collect-due-today = due aujourd’hui
collect-due-in =
  { $days ->
    [one] due demain
   *[other] due dans { $days } jours
  }
collect-running = période en cours
collect-calendar = Délais pour votre agenda (.ics)
collect-holidays = Les jours fériés ne sont pas connus ici : envoyez la déclaration avant.
collect-registrations = Enregistrements
collect-no-registration = Pas encore d’enregistrement.
collect-do = À faire
collect-ended = terminé le { $day }
collect-ends-on = finit le { $day }
collect-holds = en vigueur
collect-change = Changer
collect-end = Terminer
collect-elsewhere = enregistré ailleurs
collect-applications = Demandes
collect-application-to = À
collect-for = Pour
collect-sent = Déclarations envoyées
collect-owed = Dû
collect-was-late = reçue en retard
collect-in-time = reçue à temps
collect-pay = Payer
collect-sales = Ventes
collect-upload = Apporter des ventes
collect-file = Fichier
collect-file-hint = CSV avec ventes, remboursements et corrections. Un fichier avec une faute est refusé en entier, et le même fichier envoyé deux fois ne change rien.
collect-upload-send = Apporter
collect-file-form = À quoi ressemble le fichier
collect-file-form-says = La première ligne nomme les colonnes, dans n’importe quel ordre. Cet exemple est une vente avec taxe et son remboursement entier.
collect-file-empty = Choisissez un fichier qui n’est pas vide.
collect-file-refused = { $name } est refusé : rien n’en a été gardé. Corrigez ces lignes et envoyez-le à nouveau.
collect-faults = Fautes dans le fichier
collect-faults-more =
  { $count ->
    [one] Et une autre faute.
   *[other] Et { $count } autres fautes.
  }
collect-doubts = C’est enregistré et figure tel quel dans la déclaration. Vérifiez-le ; une erreur se rectifie par une correction.
collect-line = Ligne
collect-column = Colonne
collect-wrong = Ce qui ne va pas
collect-taken =
  { $count ->
    [one] Une écriture de { $name } a été enregistrée.
   *[other] { $count } écritures de { $name } ont été enregistrées.
  }
collect-taken-of = Ventes : { $sales } ; remboursements : { $refunds } ; corrections : { $corrections }.
collect-taken-known =
  { $count ->
    [one] Une était déjà connue.
   *[other] { $count } étaient déjà connues.
  }
collect-entries = Écritures du registre
collect-no-entries = Rien n’est encore enregistré.
collect-next = Suivants
collect-first = Retour aux premiers
collect-document = Document
collect-day = Jour
collect-to = Vers
collect-goods = Marchandises
collect-tax = Taxe
collect-draft-title = { $name }, { $period }
collect-no-number = Aucun numéro n’est noté
collect-is-sent = envoyée le { $day }
collect-is-closed = envoyée
collect-to-pay = À payer
collect-comes-back = Vous revient
collect-owed-unknown = pas encore connu : un taux de change manque
collect-back-beside = Revient à part, sans compensation : { $sum }
collect-nil = Rien n’a été vendu : une déclaration à zéro.
collect-not-over = La période finit le { $day }. Ensuite, la déclaration peut être envoyée.
collect-rates-first = Notez d’abord les taux de change ci-dessous.
collect-send-on = Continuer vers l’envoi
collect-filed-on = Je l’ai envoyée : le noter
collect-warnings = Avant de l’envoyer
collect-unverified = Certaines règles ne sont pas vérifiées.
collect-unknown-rules =
  { $count ->
    [one] Une chose n’est pas encore connue sur ce régime
   *[other] { $count } choses ne sont pas encore connues sur ce régime
  }
collect-rows = Lignes
collect-boxes = Cases
collect-states = Solde de chaque pays
collect-all-in = Tous les chiffres en { $currency }.
collect-amount = Montant
collect-rate = Taux
collect-net = Hors taxe
collect-from-what = Composé de
collect-made-of =
  { $count ->
    [one] une ligne
   *[other] { $count } lignes
  }
collect-sum = { $net } hors taxe, { $tax } de taxe
collect-sum-at = = { $net } et { $tax }, au taux du { $day }
collect-sum-unknown = le taux du { $day } n’est pas connu
collect-behind = Les ventes derrière
collect-behind-title = Ventes derrière la déclaration de { $period }
collect-back-to-return = Retour à la déclaration
collect-no-lines = Aucune vente, aucun remboursement, aucune correction derrière.
collect-rates = Taux de change pris
collect-rate-wanted = (demandé : { $day })
collect-rate-missing = Pas de taux de { $currency } pour le { $day }
collect-rate-find = Cherchez-le et écrivez-le ici. Il est publié par :
collect-rate-wait = Il est publié le { $day } ou après : attendez jusque-là.
collect-rate-way = Comme il est publié
collect-rate-number = Combien
collect-rate-source = Qui l’a publié
collect-rate-keep = Noter le taux
collect-files = L’emporter
collect-files-says = Chaque fichier que vous prenez est noté au journal.
collect-file-csv = Chiffres en CSV
collect-file-not = Ce fichier ne peut pas encore être écrit
collect-file-command = Le format demande plus que les chiffres. La ligne de commande prend le reste d’un fichier :
collect-send-title = Envoyer cette déclaration ?
collect-filed-title = Noter que vous l’avez envoyée ?
collect-goes-to = Va à
collect-send-means = Elle est envoyée aussitôt, et la période est close. Les ventes et remboursements ultérieurs vont dans une déclaration suivante.
collect-filed-means = Ceci n’envoie rien : vous avez envoyé la déclaration sur le site de l’administration. Ici, la période est close avec ces chiffres.
collect-filed-day = Jour de l’envoi
collect-filed-reference = Référence de l’administration
collect-sure = J’ai regardé les chiffres.
collect-not-sure = Cochez que vous avez regardé les chiffres.
collect-send-now = Envoyer la déclaration
collect-filed-now = La noter comme envoyée
collect-receipt = Reçu
collect-receipt-title = Reçu : { $period }
collect-receipt-file = Reçu signé (JSON)
collect-receipt-says = Le reçu est signé. Qui a la clé publique de ce service peut le vérifier.
collect-reference = Référence
collect-pay-title = Payer : { $period }
collect-pay-nothing-moved = Aucun argent ne circule ici.
collect-pay-says = Vous ordonnez le paiement à votre propre banque. Prenez le compte de l’administration sur sa lettre ou son site.
collect-reference-unknown = L’administration vous la donne.
collect-pay-before = Cette déclaration n’est pas encore envoyée. Envoyez-la d’abord : le montant peut encore changer.
collect-qr = Un code pour votre application bancaire
collect-qr-about = Pour les comptes en euros (SEPA). Ce que vous écrivez ici n’est pas gardé.
collect-qr-make = Faire le code
collect-qr-says = Scannez-le avec votre application bancaire, regardez et confirmez là.
collect-qr-not = Le code QR est fait pour les comptes en euros ; cette déclaration est en { $currency }. Votre banque prend le montant, la référence et le compte tels quels.
collect-payee = Nom du compte
collect-people = Accès
collect-tokens = Qui peut entrer
collect-token-new = Donner accès à quelqu’un
collect-token-label = Pour qui
collect-token-role = Rôle
collect-token-role-hint = Un comptable lit et prépare, et n’envoie rien.
collect-token-make = Faire un jeton
collect-token-until = Jusqu’au
collect-token-yours = le vôtre
collect-token-revoke = Retirer
collect-token-revoked = retiré
collect-log = Journal
collect-log-says = Ce qui a été fait avec votre registre, et par qui. Chaque ligne porte l’empreinte de la précédente.
collect-log-empty = Rien n’a encore été fait.
collect-when = Quand
collect-who-did = Qui
collect-did = A fait
collect-what = Quoi
collect-due-day =
  { $day ->
    [0] dernier jour
   *[other] le { $day }
  } { $months ->
    [0] du dernier mois de la période
    [1] du mois suivant
   *[other] du mois { $months } après la période
  }
collect-due-except =
  ; si elle finit en { $ends }, { $day ->
    [0] le dernier jour
   *[other] le { $day }
  } { $months ->
    [1] du mois suivant
   *[other] du mois { $months } après elle
  }
collect-scheme-sources = Sources ({ $count })
