# Nombres et montants, composés de parties déjà écrites à la manière de la langue.
number-percent = { $number } %
number-money = { $number } { $currency }
number-range = { $least } à { $most }
number-at-least = au moins { $least }
number-unknown = inconnu
number-about = environ { $number }
number-not-applicable = sans objet
number-first-day = 1er { $rest }
number-and = et
number-or = ou
