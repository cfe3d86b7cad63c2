# The first page.
start-title = What will it cost to land?
start-lede = Say what you sell and where it goes. You see what the buyer pays, who collects it, and the law behind each figure, before you send anything.
start-code = Which goods code?
start-code-about = From the words you use to the code customs uses, with the questions that decide.
start-rates = What does a country charge?
start-rates-about = Rules, thresholds and rates of { $count } economies, with their history and sources.
start-shops = Put it into your shop
start-shops-about = An open API, a widget for product pages, and no account.
