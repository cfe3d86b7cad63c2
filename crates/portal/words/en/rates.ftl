# Lists of economies.
rates-title = What each economy charges
rates-lede = Rules, limits and rates of { $count } economies, each with its sources and how sure we are.
rates-tabs = Pages about rates
rates-tab-list = All economies
rates-tab-changes = What changes
rates-tab-freshness = How fresh
rates-tab-downloads = Downloads
rates-crumbs = You are here
rates-contents = On this page
rates-foreign = Statements of law come from the data and are in English; so do some names of rules, questions and remarks.
rates-economies = Economies
rates-find = Find an economy
rates-find-go = Find
rates-find-all = Show all
rates-found = { $count ->
    [one] { $count } economy
   *[other] { $count } economies
}
rates-letters = Jump to a letter
rates-strip = Standard rates around the world
rates-strip-about = Each dot is one economy with the standard rate of its main tax.
rates-strip-said = { $count } economies: from { $least } ({ $low }) to { $most } ({ $high }); half of them charge { $middle } or less. The table above has each of them.
rates-strip-none = { $count ->
    [one] { $count } economy has no standard rate here and no dot.
   *[other] { $count } economies have no standard rate here and no dot.
}
# Columns.
rates-col-economy = Economy
rates-col-tax = Tax
rates-no-tax = no such tax
rates-col-rate = Standard rate
rates-col-duty-free = Customs duty
rates-col-tax-free = Import tax
rates-col-currency = Currency
rates-col-sure = How sure
rates-sure-about = A word beside each fact says whether it rests on an official text or a second-hand source, or is unverified.
rates-sure-link = What these words mean
rates-list-narrow = Here each name stands with the standard rate of its main tax; the name leads to everything else.
rates-col-edition = Newest edition
rates-col-authority = Publisher
rates-col-number = Number
rates-col-published = Published here
rates-col-class = Rate
rates-col-today = Today
rates-col-goods = Which goods
rates-col-history = Values over time
rates-col-charge = Charge
rates-col-rule = Rule or rate
rates-col-when = In force
rates-col-status = State
rates-col-case = In which case
rates-col-due = What is due
rates-col-who = Who collects
rates-col-code = Code
rates-col-kind = What it is
rates-col-for = For which goods
rates-col-sources = Sources
rates-col-from = From
rates-col-changed = What changed
rates-duty-begins = begins
rates-duty-ends = ends
rates-duty-before = before that
rates-col-oldest = Oldest part
rates-col-series = Series
rates-col-currencies = Currencies
rates-col-last = Last day
rates-col-terms = Terms
# From which value something is due.
rates-low-free = never charged on ordinary parcels
rates-low-first = from the first cent
rates-low-up-to = free { $limit }
rates-low-owed = from the first cent, but not collected if { $cash } or less is owed
rates-low-owed-below = from the first cent, but not collected if less than { $cash } is owed
rates-low-depends = depends on more than the value
rates-limit = up to { $cash }
rates-limit-below = below { $cash }
rates-limit-per = { $limit } per { $scope }
# One economy.
rates-of = Rates of { $name }
rates-care = Take care:
rates-glance = At a glance
rates-currency = Charges are computed in { $currency }
rates-ordinary = What an ordinary parcel meets today
rates-ordinary-about = Ordinary: a shop without registrations sells to a private person, from abroad, goods with no special rule, and claims nothing. The rules below have every other case.
rates-only-some = Only in some cases:
rates-case-always = always
rates-case-otherwise = otherwise
rates-charges = Charges, rule by rule
rates-charges-about = In the order in which they are computed. Each list is read from the top: the first rule that fits decides.
rates-no-charges = No charge is recorded here. That is not the same as nothing being due: ask customs or the carrier.
rates-charge-base = Computed on: { $base }
rates-charge-by = Collected by: { $who }
rates-charge-round = Rounded { $rounding }
rates-charge-rules = { $count ->
    [0] no rule today
    [one] { $count } rule today
   *[other] { $count } rules today
}
rates-charge-base-round = The base is first rounded { $rounding }
rates-rounding = { $mode } to multiples of { $unit }, { $stage }
rates-own-base = Computed on a base of its own.
rates-ladder-none = No rule of this charge is in force today.
rates-ladder-later = Not in force yet
rates-ladder-past = { $count ->
    [one] { $count } rule of the past
   *[other] { $count } rules of the past
}
rates-when = When: { $when }
rates-sources = { $count ->
    [one] Source:
   *[other] Sources:
}
rates-waivers = Too small to collect
rates-waiver = Not collected where { $charges } together come to { $limit }.
rates-tables = Tax rates
rates-rate-part = national part { $part }
rates-codes = Codes { $codes }
rates-and-more = and { $count } more
rates-history-of = { $name }: rate over time
rates-timeline = Rules and rates since 2024
rates-timeline-said = Timeline from { $from } to { $until }. The table below says the same.
rates-timeline-table = The timeline as a table
rates-timeline-open = Show the timeline ({ $count } lines)
rates-today = today
rates-bar-more = { $name } and { $count } more
rates-bar-law = law today
rates-bar-scheduled = adopted, begins later
rates-bar-proposed = proposed, not law
rates-bar-suspended = suspended
rates-bar-over = over
rates-no-day = no day is recorded
rates-schemes = Registrations for sellers
rates-schemes-none = none is recorded
rates-scheme-who = Who registers
rates-scheme-returns = Returns
rates-scheme-due = Due by
rates-disputes = Rules read in two ways
rates-dispute-used = used in answers
rates-dispute-other = the other reading
rates-questions = Questions an answer may need
rates-ask-yes = Yes is assumed.
rates-ask-no = No is assumed.
rates-ask-open = Nothing is assumed: without an answer you see a range.
rates-questions-open = Show the { $count } questions
rates-exchange = Exchange rates by law
rates-series-not-loaded = not loaded here
rates-series-fallback = In its place:
rates-member = Unions and groups
rates-member-none = It belongs to no union or group known here.
rates-members = { $count ->
    [one] { $count } member
   *[other] { $count } members
}
rates-members-past = Former members
rates-beside = Not members, but under a part of its rules
rates-facts = Facts and sources
rates-facts-folded = { $count } facts, each with its source. A number beside a rule leads to its fact.
rates-facts-part = Facts { $first } to { $last }
rates-fact-holds = Holds { $span }
rates-editions = Editions
rates-age = { $days ->
    [0] published today
    [one] { $days } day ago
   *[other] { $days } days ago
}
rates-days-old = { $days } days old
rates-correct = Is something wrong or missing?
rates-correct-how = How to correct it
rates-as-json = All of this page as JSON
rates-span = { $from } to { $last }
rates-span-since = since { $day }
rates-span-from = from { $day }
rates-span-until = until { $day }
rates-tariff = Tariff
rates-tariff-lines = { $count ->
    [one] { $count } rate loaded
   *[other] { $count } rates loaded
}
rates-tariff-bounds = { $count ->
    [one] only the least and the most is known, for { $count } range of codes
   *[other] only the least and the most are known, for { $count } ranges of codes
}
rates-tariff-none = no tariff loaded here
rates-look = Duty on a goods code
rates-look-code = Goods code
rates-look-hint = Four digits or more, such as 6109.10.
rates-look-find = Find the code with your words
rates-look-go = Show the duty
rates-look-none = No rate of a tariff is loaded for this economy: where the tariff counts, answers give a range or ask you for the rate.
# Unknown economies.
rates-missing = There is no such economy here
rates-missing-code = “{ $code }” is not the code of an economy whose rules are known here.
rates-missing-rules = The rules of { $name } are not recorded yet. That does not mean that nothing is due.
rates-missing-group = { $name } is a group of countries and charges nothing itself. Look at one of its members.
rates-missing-near = Did you mean
rates-missing-all = See all economies
# Conditions in words.
rates-and = and
rates-or = or
rates-or-else = or
rates-either = either { $list }
rates-list = a list in the law
rates-places-list = one of the places that the law lists
rates-more = { $list } and { $count } more
rates-when-always = always
rates-when-value = { $left } { $compare } { $right } per { $scope }
rates-when-imports = parcels of the buyer: { $compare } { $number } per { $scope }
rates-when-weight = weight { $compare } { $number } kg per { $scope }
rates-when-quantity = quantity ({ $unit }) { $compare } { $number } per { $scope }
rates-when-goods = goods of { $list }
rates-when-any-goods = at least one item of { $list }
rates-when-no-goods = no item of { $list }
rates-when-only-goods = only items of { $list }
rates-when-origin = made in { $places }
rates-when-shipped = sent from { $places }
rates-when-seller = seller in { $places }
rates-when-delivered = sent to { $places }
rates-when-region = state or province: { $places }
rates-when-registered = the shop is registered for { $scheme }
rates-when-buyer = the buyer gave a valid tax number
rates-when-gift = a gift between private persons
rates-when-declaration = declaration of type { $kind }
rates-when-fact = yes to “{ $question }”
rates-when-claims = { $program } is claimed
rates-when-claims-any = a preference is claimed
rates-when-document = with document { $document }
rates-when-reading = { $question } Read here as: { $reading }
rates-when-took = { $charge } is under the rule “{ $rung }”
rates-not = not: { $what }
rates-not-goods = no goods of { $list }
rates-not-origin = not made in { $places }
rates-not-shipped = not sent from { $places }
rates-not-delivered = not sent to { $places }
rates-not-registered = the shop is not registered for { $scheme }
rates-not-gift = not a gift
rates-not-fact = no to “{ $question }”
# Amounts in words.
rates-free = free
rates-part-customs = customs value
rates-amount-of = { $rate } of { $what }
rates-amount-gross-up = { $rate } of a base that holds the tax itself
rates-amount-per = { $cash } per { $unit }
rates-amount-base = its base
rates-amount-tariff = the rate of the customs tariff
rates-amount-max = the largest of: { $list }
rates-amount-min = the smallest of: { $list }
rates-amount-clamp = { $amount }, at least { $least } and at most { $most }
rates-amount-if = ({ $then } if { $when }, else { $otherwise })
rates-amount-rounded = { $amount } (rounded by itself)
rates-amount-slice = from { $from }: { $rate }
rates-amount-bands = in slices of { $what }: { $slices }
rates-amount-items = whole items up to { $limit } free, the rest { $otherwise }
rates-amount-table = { $table } at the rate of the goods (standard { $rate })
rates-amount-table-open = { $table } at the rate of the goods
# Measures of a goods code.
rates-measure-title = { $code }: { $name }
rates-measure-lede = Every measure of the customs tariff for this code and the lines below it, on { $day }.
rates-measure-cut = The tariff has no code { $asked } on that day; shown is { $code }. It may be a code of another country or of an older edition: check it.
rates-origin = Made in
rates-origin-any = Any origin
rates-origin-wrong = “{ $origin }” is not the code of a territory known here, so all origins are shown.
rates-origin-choose = Choose the origin from the list
rates-date = Day
rates-date-wrong = That day cannot be read; today is shown.
rates-show = Show
rates-measures = Measures in force
rates-measures-not-now = Measures are loaded for this code, but none of them for { $day }.
rates-lines-many = { $count } lines of the tariff fall under this code. Choose the part that your goods belong to:
rates-lines-below = { $count ->
    [one] { $count } line
   *[other] { $count } lines
}
rates-lines-about = { $count } lines of the tariff; open the one of your goods.
rates-line = Measures of { $code }
rates-line-count = { $count ->
    [one] { $count } measure
   *[other] { $count } measures
}
rates-measures-other = { $count ->
    [one] { $count } measure of other days
   *[other] { $count } measures of other days
}
rates-nothing-tariff = No tariff of this economy is loaded here, so the duty on this code is not known.
rates-nothing-code = No measure is loaded for { $code }, so the duty on it is not known here.
rates-nothing-bounds = Only the least and the most of the duty is known for some codes: an answer gives a range.
rates-nothing-check = Check the code: it may be of another country or of an older edition.
rates-nothing-rate = If you know the rate, give it with your question.
rates-nothing-ask = Ask what the parcel costs
rates-nothing-import = Who runs this service can load an official tariff:
rates-no-code = There is no goods code { $code } here
rates-no-code-why = It stands neither in the Harmonized System of 2022 nor in an older edition, and no tariff of { $name } that is loaded here has it. So nothing can be said about its duty; that is not a duty of zero.
rates-no-line = { $name }: no line for { $code }
rates-no-code-line = It stands in the Harmonized System, but the tariff of { $name }, which is loaded here as a whole, has no line for it. Its duty there is not known; that is not a duty of zero.
rates-no-code-above = The nearest code above it:
rates-no-code-again = Give another code for { $name }
rates-for-all = all goods of the code
rates-for = from { $places }
rates-for-not = not from { $places }
rates-claim = Must be claimed:
rates-proof = Proof:
rates-condition = on a further condition
rates-additional-code = Additional code { $code }
rates-quota = Quota { $number }
rates-code-meaning = What this code means
rates-name-origin = Choose where the goods were made to see all duties on them together, additional duties too, and their history.
rates-general-history = The general duty since 2024
rates-general-about = In percent of the value, without preference or additional duty. A gap is a time for which no one percentage is loaded.
rates-no-number = no one percentage
rates-to-come = to come
rates-origin-history = All duties on goods made in { $origin }
rates-origin-about = All customs duties together in percent of the value, for a business consignment with nothing claimed.
rates-origin-none = The duties on these goods are no one percentage of the value here. Ask for your goods to see an amount or a range.
rates-union-ask = Goods are sent to a member of the union: look at the page of a member for all duties together.
rates-reached = What reaches these goods on { $day }
rates-all-duties = All duties
# Freshness.
rates-freshness = How fresh the data is
rates-freshness-lede = When what is known of each economy was published; first those whose oldest part, most often the tariff, is the oldest. Old does not mean wrong: it means that nobody has looked since.
rates-freshness-sum = { $count } economies; { $old } rest on an edition older than 90 days; { $loaded } with rates of a tariff.
rates-freshness-old = Older than 90 days ({ $count })
rates-freshness-new = Looked at within 90 days ({ $count })
rates-freshness-since = Oldest part of { $day } ({ $count })
rates-series = Exchange-rate series
# Changes.
rates-changes = What changed and what will
rates-changes-lede = Every dated change of a rule or rate: first what is to come, then what has come.
rates-changes-unknown = That territory is not known here.
rates-changes-none = Nothing is recorded for this time.
rates-changes-more = Changes { $first } to { $last } of { $count }.
rates-changes-back = Those before
rates-changes-on = Those after
rates-all-economies = All economies
rates-from = From
rates-before = Before
rates-coming = To come
rates-past = In force already
rates-proposed = Proposed or without a day
rates-proposed-about = Not law, or adopted without a first day: no answer counts it.
rates-feeds = Be told by a feed:
rates-change-from-to = { $before } → { $after }
rates-change-measures = { $count ->
    [one] { $count } beginning or end of a tariff measure
   *[other] { $count } beginnings and ends of tariff measures
}
# Downloads.
rates-downloads = Take the data away
rates-downloads-lede = The same data as behind every page, for programs and for sheets. No account is needed.
rates-file-ratebook = The ratebook
rates-file-ratebook-about = One file with every rule, rate and measure in use here; the library and the command read it as it is.
rates-file-economies = All economies as JSON
rates-file-economies-about = One line about each; each has a document of its own below it.
rates-file-csv = Standard rates as CSV
rates-file-csv-about = For a sheet: code, tax, standard rate of today, edition, how many facts are how sure. An empty field is not a zero.
rates-file-feed = Changes as a feed
rates-file-feed-about = What changes and when, for a feed reader.
rates-licences = Licences and attribution
rates-licences-about = Who uses the data names these sources. The facts of each economy name their own source one by one.
