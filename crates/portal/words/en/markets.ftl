# The question as a form.
form-item = Product { $number }
form-goods = What do you sell?
form-goods-hint = t-shirt, or a code: 6109.10
form-origin = Made in
form-quantity = How many
form-price = Price of one
form-price-hint = without tax
form-code = Goods code
form-from = Sent from
form-to = Sent to
form-region = State or province
region-other = another one
form-freight = Shipping
form-currency = Currency
form-choose = Choose…
form-not-known = I do not know
form-more = More about the parcel
form-channel = Who carries it
form-sale = Who sells to whom
form-date = On which day
form-schemes = Taxes the shop collects already: IOSS, UK VAT, VOEC…
form-schemes-about = Tick what the shop is registered for. It counts where the parcel goes to that place; elsewhere it changes nothing.
form-gift = A gift between private persons
form-class = Tax rate of these goods
form-class-usual = not said: the usual rate is taken
class-usual = the usual rate
form-insurance = Insurance
form-weight = Weight of everything, kg
form-item-weight = Weight of one, kg
form-duty-rate = Customs duty, %
form-assumed = not said: { $answer } is assumed
class-rate = { $name }, { $rate }
class-goods = { $name }, { $rate }: { $goods }
form-submit = Show the cost
form-another = Add a product
form-example = Try an example
form-begun = Fill in the rest, then ask what it costs.
form-wrong = Please look at this again:
form-to-missing = Choose where it is sent to.

# The answer.
answer-title = Answer
answer-whatever = Whatever the goods are
answer-pays = Duties, taxes and fees that the buyer pays
answer-no-shipping = without shipping
answer-on-top = On top of { $before } for goods and shipping. It costs { $landed } to land.
answer-on-top-goods = On top of { $before } for the goods. It costs { $landed } to land, without shipping.
answer-goods-worth = Goods and shipping are worth { $before }.
answer-nothing-due = nothing is due
answer-not-allowed = These goods cannot be sent there in this way
answer-formal-entry = A full customs entry is needed, so there is no simple figure
answer-prohibited = These goods may not be brought in
answer-range = It lies between these two amounts.
answer-unknown = How much more it may be is not known.
answer-below = Answer the questions below to narrow it.
answer-above = The goods code above makes it narrower.
answer-by-shop = The shop charges it at checkout; nothing more is due on delivery.
answer-carrier-fee = The post or courier may add a fee of its own for clearance. It is not known here.
answer-by-both = The shop charges { $shop } at checkout; { $delivery } is due on delivery.
answer-on-delivery = It is due on delivery, unless the shop pays it for the buyer.
answer-ask-customs = Ask customs of the destination, or a customs broker.
part-goods = Goods
part-shipping = Shipping
part-duties = Duties
part-taxes = Taxes
part-fees = Fees
part-maybe = hatched: may be more
part-open = dotted: not known how much more
bar-least = At least
bar-most = At most
term-nothing = nothing
term-unknown = an amount that is not known yet
term-ddp = Delivered duty paid (DDP)
term-ddp-says = The shop charges { $all } at checkout and pays it. The buyer pays nothing on delivery.
term-dap = Delivered at place (DAP)
term-dap-says = The shop charges { $shop } for taxes and duties at checkout. The buyer pays { $delivery } on delivery.

# Goods codes that the words may mean.
codes-title = Which goods code is it?
codes-total = If it is one of the likely codes, the buyer pays
codes-usual = at the usual tax rate
codes-unsure = I am not sure
codes-vague = No goods code can be told from these words.
codes-together = these codes together: { $percent } % likely
codes-code = Code
codes-meaning = What it is
codes-likely = Likely
codes-pays = Buyer pays { $currency }
codes-use = Use this code
codes-left-out = Some products were not looked up. Give their codes.
codes-caution = These codes are suggested by your words. None of them is certain: choose the one that fits, and the answer is for it. Food, books, medicines and children’s clothes often pay a lower tax.

# Questions.
ask-title = Questions that would make it exact
ask-worth = narrows the answer by { $sum }
ask-open = without it there is no upper limit
ask-answer = Answer
ask-yes = Yes
ask-no = No
ask-code = What is the goods code of this product? At least six digits.
ask-code-longer = What is the full goods code of the destination? The digits given are not enough here.
ask-national = Lines of the tariff of { $place } under this code, each with its general duty. Their texts are not recorded here: compare them with the official tariff.
ask-national-none = The lines of { $place } under this code are not recorded here: the official tariff has them.
ask-national-all = All { $count } lines
ask-find-code = Find the goods code
ask-origin = In which country was it made? That may differ from where it is sent from.
ask-channel = Who carries it?
ask-region = To which state or province does it go? Taxes differ.
ask-from = From which country is it sent?
ask-weight = How much does it weigh, in kilograms?
ask-duty-rate = What is the customs duty, in percent? The tariff of { $place } is not loaded here.
ask-duty-rate-code = What is the customs duty, in percent? No single rate for this code is recorded here.
ask-duty-rate-hint = Look it up at the customs authority of the destination. The answer will say that the rate is yours.
ask-additional-duty = Which additional duties apply? They are not loaded here.
ask-history = How many parcels, worth how much, has the buyer already received { $period }?
ask-by-api = Ask customs of the destination, or a customs broker, and choose the goods code that fits: it often answers this.
ask-code-first = The goods code comes first: choose it above, and the questions for it follow.
ask-code-none = The goods code comes first: describe the product in other words, or give its code. The questions for it follow.
ask-number = Number
ask-parcels = How many parcels
ask-parcels-value = Their value
ask-more = More questions
ask-class = Do these goods have a lower tax rate?
ask-class-usual = No, the usual rate
ask-title-class = One question more

# Why.
why-title = Why: each charge and its law
why-charge = Charge
why-rule = Rule
why-on = On { $currency }
why-due = Due { $currency }
why-who = Collected
why-law = Law
why-all = All charges
why-free = free
why-when = When this rule holds
why-base = Computed on
why-source = Source { $number }
why-waived = too small, not collected
why-one-case = in one of the cases
why-rate-unknown = the rate is not known
why-not-always = not in every case
why-several =
    { $count ->
        [one] { $count } rule
       *[other] { $count } rules
    }
items-title = Each product’s part
items-item = Product
items-value = Value { $currency }
items-share = Charges, of the value

# Savings, changes, disputes, notes.
save-title = Could the buyer pay less?
save-none = No lower duty that could be claimed is recorded for these goods.
save-open = It depends on answers that are still open: what the goods are, or where they were made.
save-unknown = Not known.
save-unknown-why = Lower duties under trade agreements are not recorded here for { $place }, or only some of them. Ask its customs, or a broker.
save-less = less for { $item }:
save-claim = claim { $program }.
save-proof = Proof to hold:
save-documents = Documents to hold: { $documents }.
save-additional = If the goods are of additional code { $code }.
save-rule = The duty is then
save-total = All charges would be { $total }.
next-title = What changes next
next-none = No change that touches this parcel is announced in what is recorded.
next-no-day = Day not fixed
next-all = All changes of { $place }
dispute-title = A rule that is read in two ways
dispute-used = Used here:
dispute-other = Otherwise:
dispute-total = All charges would be
notes-good = Good to know
notes-care = Take care
notes-same =
    { $count ->
        [one] The same of { $count } other case
       *[other] The same of { $count } other cases
    }
notes-assumed = Assumed, because it was not said
papers-title = Papers, permits, and who can help
papers-what = papers, permits and prohibitions for { $place }, and business support organisations
sources-title = Sources
sources-rates = Exchange rates
sources-editions = Editions of the data used

# The curve.
curve-title = What happens near this value
curve-name = Charges in { $place } as the value of the goods grows
curve-here = this parcel
curve-goods = Value of the goods, { $currency }
curve-caption = The line is what is due in all. Dotted lines are limits at which the rules change. A band is what may be more.
curve-slide = Move to see other values, { $currency }
curve-table = The same as a table
curve-kind = Answer
curve-no-cliff = No limit at which the rules change lies near this value.
cliff-title = Limits at which it jumps
cliff-up-to = Goods up to
cliff-due = due
cliff-from = Goods from
cliff-changes = What changes
cliff-collected = collected
cliff-more = There are more limits than are shown here.

# The page, sharing, comparing.
markets-title = { $goods }: from { $from } to { $to }
markets-title-to = { $goods }: to { $to }
markets-law = Law of { $day }.
markets-change = Change the question
markets-address = This answer stands at
markets-old = Law before { $day } is recorded only in part. Check what you read here.
share-title = Keep it, send it, compare it
share-link = Link to this answer with the law of { $day }
share-compare = Compare with other countries
share-csv = Table (CSV)
share-print = Print
share-json = All details (JSON)
share-rules = All rules of { $place }
compare-title = The same basket to other countries
compare-lede = The exact amounts first, from the cheapest; then ranges by the most they can be; those without an upper limit or without a figure last.
compare-no-basket = There is no basket to compare yet.
compare-to-markets = Say what you sell
compare-why = Many answers are ranges, because something was not said
compare-why-count =
    { $count ->
        [one] open in { $count } answer
       *[other] open in { $count } answers
    }
compare-table = Comparison
compare-before = Goods and shipping
compare-place = Sent to
compare-bar = Cost to land
compare-open = how much more is not known
compare-landed = Landed { $currency }
compare-at-checkout = At checkout { $currency }
compare-one-amount = this amount, if this procedure is open
compare-kind = How sure
compare-choose = Choose places
compare-groups = Groups
compare-all = All countries
compare-single = Single countries
compare-submit = Compare
basket-item = { $quantity } × { $name }, { $price } each
basket-shipping = shipping { $sum }
wrong-of = { $field }:
wrong-currency = is a currency of no country here; choose one of the list, such as EUR
wrong-region = is no state or province of { $place } that is known here; choose one of: { $list }
wrong-code = is no goods code: the Harmonized System has no { $part }; look the code up by words
wrong-day-far = lies outside what is recorded here; choose a day from { $first } to { $last }
