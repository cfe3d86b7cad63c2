# Pages of sellers: registrations, sales, returns.
collect-title = Register, send returns, pay
collect-lede = Shops that collect tax at the sale register once, and then send a return and pay for each period. Here you register, put your sales in, see what is due, and send the return with every figure explained. No money is moved here: you pay at your own bank.
collect-where = Where do I have to register?
collect-where-says = Answer a few questions about what you sell and where.
collect-no-house = With the command line
collect-no-house-says = This site keeps no sellers. The program tidewaiter does the same on your own computer: rules, ledger, returns, days. Nothing leaves it.
collect-hello = You are signed in: { $label }.
collect-keeper-says = You keep this house: the commands of “tidewaiter collect house” add authorities and give out tokens. Returns are with sellers and authorities.
collect-to-mine = My page
collect-to-authority = Page of the authority
collect-leave = Sign out
collect-new = I am new here
collect-new-says = One name is enough. You get a token, which is your key.
collect-sign-up = Sign up
collect-back = I have a token
collect-schemes = Schemes whose returns are described
collect-schemes-says = Each page says what the return holds, when it is due, what the application asks, where that stands, and what is not known yet.
collect-scheme = Scheme
collect-place = Place
collect-period = Period
collect-due = Return due
collect-currency = Currency
collect-period-month = { $month } { $year }
collect-period-months = { $first } to { $last } { $year }
collect-period-years = { $first } to { $last }
collect-due-extra =
  { $extra ->
    [one] and one day
   *[other] and { $extra } days
  }
collect-due-next = , or the Monday after a weekend
collect-due-previous = , or the Friday before a weekend
collect-apply-here = Register
collect-scheme-short = In short
collect-scheme-holds = What the return holds
collect-scheme-rows = Rows, told apart by the place of the buyers and the rate: the price without tax, and the tax.
collect-scheme-fields = What the application asks
collect-scheme-fields-says = These particulars stand in the file of the scheme. An authority that receives applications here may ask for fewer or others.
collect-checked = checked
collect-optional = (not required)
collect-scheme-official = Official page:
collect-scheme-unknown = What is not known yet
collect-scheme-settles = What would settle it:
collect-scheme-more = More about this scheme
collect-who = Who
collect-receives = Received by
collect-register-at = Register at
collect-takes = How long it takes
collect-period-from = , counted from the month of registration
collect-due-nil = Also where nothing was sold.
collect-pay-by = Pay by
collect-pay-with = With the return
collect-rates-of = Exchange rates of:
collect-refunds = Refunds
collect-refunds-corrections = They change the period of the sale: a correction, where its return was sent.
collect-refunds-deducted = They are taken off in the period in which the money went back.
collect-past = Past periods
collect-past-apart = They are set right in a later return, in a part of its own.
collect-past-among = They are set right among the figures of a later return.
collect-past-amended = They are set right in an amended return.
collect-late-means = If it is late
collect-ends = How it ends
collect-shape = Published file format
collect-box = Box
collect-box-name = Its name
collect-token = Token
collect-token-hint = It begins with twc_ and was shown to you once.
collect-token-wrong = This token is not known here, has ended, or was taken back. Copy all of it, or ask for another.
collect-enter = Sign in
collect-enter-says = Paste your token. It stays in this browser until you close it or sign out.
collect-no-token-yet = No token yet?
collect-closed = On this site sellers cannot sign up by themselves. Those who run it give out tokens.
collect-sign-up-says = Your business name is enough to begin.
collect-name = Name of your business
collect-short = Short name
collect-short-hint = Small letters, digits and hyphens. Left empty, it is made from the name.
collect-welcome = Welcome
collect-welcome-says = Your ledger is open, under the short name { $short }. You are signed in.
collect-keep = Keep this token
collect-keep-says = It is shown this one time. Whoever has it can act for you; without it you cannot come back. Copy it into a password manager or write it down. It ends on { $until }.
collect-apply-next = Register now
collect-signed-in = { $label }, { $role } of { $seller }
collect-ways = Pages of your business
collect-not-done = This was not done.
collect-may-not = Your token may read this, and not do it.
collect-cancel = Do not do it
collect-apply = Register
collect-apply-at = Authorities that you can reach here
collect-apply-at-says = One form. Some give the number at once, others look at it first.
collect-prepare-for = Other authorities
collect-prepare-for-says = They take applications on their own sites. Fill the form in here, take the particulars along, and write down the number that you get.
collect-number-got = I have a number
collect-apply-title = Register: { $name }
collect-change-title = Change your particulars: { $name }
collect-answer-title = Answer: { $name }
collect-asks = The authority asks
collect-says = The authority says
collect-more-fields =
  { $count ->
    [one] One more field, not required
   *[other] { $count } more fields, not required
  }
collect-fields-wrong =
  { $count ->
    [one] One field must be put right. Nothing was sent.
   *[other] { $count } fields must be put right. Nothing was sent.
  }
collect-from-today = The registration is asked for from { $day }.
collect-send = Send
collect-send-says = What you write goes to { $name } and stands in your ledger here. Nobody else sees it.
collect-choose = Choose…
collect-yes = Yes
collect-no = No
collect-hint-phone = With the country: +353 1 234 5678
collect-hint-urls = shop.example; several with spaces between
collect-hint-amount = Digits, with a point before the cents: 1250.50
collect-hint-like = It looks like { $shown }
collect-likely = Did you mean
collect-likely-none = None of these: I write it again above
collect-fault-missing = Fill this in.
collect-fault-long = Shorten it to { $most } characters.
collect-fault-unseen = It has characters that cannot be seen. Write it again.
collect-fault-email = Write an e-mail address: name@example.com
collect-fault-phone = Write + and the country first: +353 1 234 5678
collect-fault-url = “{ $text }” is no address of a web site. Write it as https://shop.example
collect-fault-country = Choose a country.
collect-fault-day = Choose a day.
collect-fault-yes-no = Choose yes or no.
collect-fault-amount = Write digits, with a point before the cents: 1250.50
collect-fault-number = This number cannot be right:
collect-fault-not-asked = This is not asked for any more.
collect-fault-among = The authority takes one of: { $values }
collect-fault-refused = The authority does not take “{ $text }” here.
collect-fault-outside = Choose a day from { $first } to { $last }.
collect-fault-taken = Another registered seller has the same. If it is yours, ask the authority.
collect-application = { $kind }: { $name }
collect-your-number = Your number:
collect-number-from = It holds from { $day }. It stands in your ledger already.
collect-waiting = It is with { $name }. You need not do anything; look here again for the answer.
collect-answer = Answer
collect-withdraw = Take it back
collect-written = What you wrote
collect-application-number = Number of the application
collect-sent-at = Sent
collect-decided-at = Decided
collect-from-day = First day
collect-end-title = End the registration: { $name }
collect-end-says = The authority decides on it. Returns of the periods before that day are still due.
collect-end-day = First day on which it no longer holds
collect-end-send = Ask for the end
collect-prepare-title = Particulars for { $name }
collect-prepare-says = You apply on the site of the authority. Here the form is checked; nothing of it is sent or kept. Received by:
collect-prepare = Check
collect-prepared = Ready: { $name }
collect-prepared-says = Every field can be right. Take the text along, and write down the number that you are given.
collect-as-text = Download as text
collect-number-title = Your number: { $name }
collect-number-says = With it your returns and their days are known here. Whether it was issued only the authority can say.
collect-number = Number
collect-number-keep = Record the number
collect-state = Country that gave it
collect-state-hint = Two letters, such as IE, where several countries share the scheme.
collect-mine = My page
collect-is-due = What is due
collect-nothing-due = Nothing is due: you have no registration yet.
collect-all-sent = All returns of past periods are sent.
collect-return = Return
collect-send-by = Send by
collect-stands = State
collect-is-late =
  { $days ->
    [one] late by one day
   *[other] late by { $days } days
  }
collect-due-today = due today
collect-due-in =
  { $days ->
    [one] due tomorrow
   *[other] due in { $days } days
  }
collect-running = period not over
collect-calendar = Days for your calendar (.ics)
collect-holidays = Public holidays are not known here: send the return before one.
collect-registrations = Registrations
collect-no-registration = No registration yet.
collect-do = To do
collect-ended = ended on { $day }
collect-ends-on = ends on { $day }
collect-holds = holds
collect-change = Change
collect-end = End
collect-elsewhere = registered elsewhere
collect-applications = Applications
collect-application-to = To
collect-for = For
collect-sent = Returns that were sent
collect-owed = Owed
collect-was-late = came late
collect-in-time = came in time
collect-pay = Pay
collect-sales = Sales
collect-upload = Put sales in
collect-file = File
collect-file-hint = CSV with sales, refunds and corrections. A file with a mistake is refused whole, and the same file sent twice changes nothing.
collect-upload-send = Put in
collect-file-form = How the file looks
collect-file-form-says = The first line names the columns, in any order. This example is one sale with tax and its whole refund.
collect-file-empty = Choose a file that is not empty.
collect-file-refused = { $name } was refused: nothing of it was kept. Put these lines right and send it again.
collect-faults = Mistakes in the file
collect-faults-more =
  { $count ->
    [one] And one more mistake.
   *[other] And { $count } more mistakes.
  }
collect-doubts = This is recorded, and stands in the return as it is. Look at it; what is wrong is set right by a correction.
collect-line = Line
collect-column = Column
collect-wrong = What is wrong
collect-taken =
  { $count ->
    [one] One entry of { $name } was recorded.
   *[other] { $count } entries of { $name } were recorded.
  }
collect-taken-of = Sales: { $sales }; refunds: { $refunds }; corrections: { $corrections }.
collect-taken-known =
  { $count ->
    [one] One was known already.
   *[other] { $count } were known already.
  }
collect-entries = Entries of the ledger
collect-no-entries = Nothing is recorded yet.
collect-next = Next
collect-first = Back to the first
collect-document = Document
collect-day = Day
collect-to = To
collect-goods = Goods
collect-tax = Tax
collect-draft-title = { $name }, { $period }
collect-no-number = No number is recorded
collect-is-sent = sent on { $day }
collect-is-closed = sent
collect-to-pay = To pay
collect-comes-back = Comes back to you
collect-owed-unknown = not known yet: an exchange rate is missing
collect-back-beside = Comes back beside it, not set off: { $sum }
collect-nil = Nothing was sold: a nil return.
collect-not-over = The period ends on { $day }. Then the return can be sent.
collect-rates-first = Record the exchange rates below first.
collect-send-on = Go on to send it
collect-filed-on = I sent it: record that
collect-warnings = Before you send it
collect-unverified = Some of the rules are not verified.
collect-unknown-rules =
  { $count ->
    [one] One thing is not known yet about this scheme
   *[other] { $count } things are not known yet about this scheme
  }
collect-rows = Rows
collect-boxes = Boxes
collect-states = Balance of each country
collect-all-in = All figures in { $currency }.
collect-amount = Amount
collect-rate = Rate
collect-net = Without tax
collect-from-what = Made of
collect-made-of =
  { $count ->
    [one] one line
   *[other] { $count } lines
  }
collect-sum = { $net } without tax, { $tax } tax
collect-sum-at = = { $net } and { $tax }, at the rate of { $day }
collect-sum-unknown = the rate of { $day } is not known
collect-behind = The sales behind it
collect-behind-title = Sales behind the return of { $period }
collect-back-to-return = Back to the return
collect-no-lines = No sales, refunds or corrections stand behind it.
collect-rates = Exchange rates taken
collect-rate-wanted = (asked for: { $day })
collect-rate-missing = No rate of { $currency } for { $day }
collect-rate-find = Look it up and write it here. It is published by:
collect-rate-wait = It is published on { $day } or after it: wait until then.
collect-rate-way = As it is published
collect-rate-number = How many
collect-rate-source = Who published it
collect-rate-keep = Record the rate
collect-files = Take it along
collect-files-says = Each file that you take is noted in the log.
collect-file-csv = Figures as CSV
collect-file-not = This file cannot be written yet
collect-file-command = The format asks for more than the figures. The command line takes the rest from a file:
collect-send-title = Send this return?
collect-filed-title = Record that you sent it?
collect-goes-to = Goes to
collect-send-means = It is sent at once, and the period is closed. Later sales and refunds of it go into a later return.
collect-filed-means = This sends nothing: you sent the return on the site of the authority. Here the period is closed with these figures.
collect-filed-day = Day on which you sent it
collect-filed-reference = Reference of the authority
collect-sure = I have looked at the figures.
collect-not-sure = Tick that you have looked at the figures.
collect-send-now = Send the return
collect-filed-now = Record it as sent
collect-receipt = Receipt
collect-receipt-title = Receipt: { $period }
collect-receipt-file = Signed receipt (JSON)
collect-receipt-says = The receipt is signed. Whoever has the public key of this service can check it.
collect-reference = Reference
collect-pay-title = Pay: { $period }
collect-pay-nothing-moved = No money is moved here.
collect-pay-says = You order the payment at your own bank. Take the account of the authority from its letter or its site.
collect-reference-unknown = The authority tells it to you.
collect-pay-before = This return is not sent yet. Send it first: the amount may still change.
collect-qr = A code for your banking app
collect-qr-about = For euro accounts (SEPA). What you write here is not kept.
collect-qr-make = Make the code
collect-qr-says = Scan it with your banking app, look at it and confirm there.
collect-qr-not = A QR code is made for euro accounts; this return is in { $currency }. Your bank takes amount, reference and account as they stand here.
collect-payee = Name on the account
collect-people = People
collect-tokens = Who may come in
collect-token-new = Let somebody in
collect-token-label = Who it is for
collect-token-role = May
collect-token-role-hint = An accountant reads and drafts, and sends nothing.
collect-token-make = Make a token
collect-token-until = Until
collect-token-yours = yours
collect-token-revoke = Take back
collect-token-revoked = taken back
collect-log = Log
collect-log-says = What was done with your ledger, and by whom. Each row holds the hash of the one before.
collect-log-empty = Nothing was done yet.
collect-when = When
collect-who-did = Who
collect-did = Did
collect-what = What
collect-due-day =
  { $day ->
    [0] last day
   *[other] day { $day }
  } of { $months ->
    [0] the last month of the period
    [1] the next month
   *[other] month { $months } after the period
  }
collect-due-except =
  ; where it ends in { $ends }, { $day ->
    [0] the last day
   *[other] day { $day }
  } of { $months ->
    [1] the next month
   *[other] month { $months } after it
  }
collect-scheme-sources = Sources ({ $count })
