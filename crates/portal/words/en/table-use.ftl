# Words for the pages and answers that are counted.
use-page-markets = Markets: answers
use-page-code = Goods code: search
use-page-code-place = Goods code: one section, chapter or code
use-page-rates = Rates: all economies
use-page-rates-changes = Rates: what changes
use-page-rates-freshness = Rates: how fresh
use-page-rates-downloads = Rates: downloads
use-page-rates-territory = Rates: one economy
use-page-rates-territory-code = Rates: one goods code
use-answer-code = page of a code
use-answer-codes = likely codes
use-answer-old = code of an older edition
use-answer-vague = too little said for a code
use-answer-too-vague = too little said for a code
use-answer-received = correction received
use-answer-refused = refused: the question could not be read
