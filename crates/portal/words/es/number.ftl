# Números e importes, compuestos de partes ya escritas a la manera del idioma.
number-percent = { $number } %
number-money = { $number } { $currency }
number-range = { $least } a { $most }
number-at-least = al menos { $least }
number-unknown = no se sabe
number-about = aproximadamente { $number }
number-not-applicable = no procede
number-first-day = 1 { $rest }
number-and = y
number-or = o
