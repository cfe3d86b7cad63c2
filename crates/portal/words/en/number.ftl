# Numbers and amounts, put together from parts that are written in the language's way already.
number-percent = { $number } %
number-money = { $currency } { $number }
number-range = { $least } to { $most }
number-at-least = at least { $least }
number-unknown = not known
number-about = about { $number }
number-not-applicable = not applicable
number-first-day = 1 { $rest }
number-and = and
number-or = or
