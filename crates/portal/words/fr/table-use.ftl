# Mots pour les pages et les réponses comptées.
use-page-markets = Marchés : réponses
use-page-code = Code des marchandises : recherche
use-page-code-place = Code des marchandises : une section, un chapitre ou un code
use-page-rates = Taux : toutes les économies
use-page-rates-changes = Taux : ce qui change
use-page-rates-freshness = Taux : fraîcheur
use-page-rates-downloads = Taux : téléchargements
use-page-rates-territory = Taux : une économie
use-page-rates-territory-code = Taux : un code de marchandises
use-answer-code = page d’un code
use-answer-codes = codes probables
use-answer-old = code d’une édition antérieure
use-answer-vague = trop peu d’indications pour un code
use-answer-too-vague = trop peu d’indications pour un code
use-answer-received = correction reçue
use-answer-refused = refusé : la question était illisible
