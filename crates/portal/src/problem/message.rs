//! Every sentence with which a page is refused, or with which a field of a form is. In problem documents it stands as here; a page
//! says it in the reader's language (`words/*/table-said-doors.ftl`).

tidewaiter::messages! {
    /// Every sentence of the doors.
    MESSAGES

    // Fields of a form.
    FORM_MANY_FIELDS "form-many-fields" "too many fields; send the question as JSON to /v1/quotes"
    FORM_MANY_ITEMS "form-many-items" "too many items"
    FORM_LONG "form-long" "is longer than 500 bytes"
    FORM_TWICE "form-twice" "is given twice; this field has one value"
    FORM_WHOLE "form-whole" "must be a whole number"
    FORM_NUMBER "form-number" "is not a number; write it as 12.50"
    FORM_BELOW_ZERO "form-below-zero" "cannot be below zero"
    FORM_TWO_WAYS "form-two-ways" "can be read in two ways; write it without a sign for thousands"
    FORM_DAY "form-day" "must be a day such as 2026-11-22"
    FORM_CHANNEL "form-channel" "must be post, express or freight"
    FORM_MODE "form-mode" "must be air, sea, road or rail"
    FORM_SALE "form-sale" "must be b2c, b2b or c2c"
    FORM_FACT "form-fact" "must be a name and yes or no: personal-use:yes"
    FORM_HISTORY "form-history" "must be a period, a number of parcels and their value: month:3:250"
    FORM_MEASURE "form-measure" "must be a unit and the number of an item: measure.l.1"
    FORM_RATE "form-rate" "must be two currencies and how many of the second one of the first is: EUR:CNY:7.8"
    FORM_ANSWER "form-answer" "must be a question and its answer: made-of:cotton"
    FORM_NO_GOODS "form-no-goods" "say what it is, or give its goods code"
    FORM_NO_PRICE "form-no-price" "give the price of one piece"
    FORM_NOT_ASKED "form-not-asked" "nothing is asked about a goods code here; leave it out"
    FORM_NOT_ASKED_OF "form-not-asked-of" "nothing is asked about a goods code of item {item}"
    FORM_NO_SUCH_ANSWER "form-no-such-answer" "{why}"
    FORM_IN_ADDRESS "form-in-address" "This field is part of the address: fill it in."

    // A correction.
    LETTER_TERRITORY "letter-territory" "is no territory that is known here; leave it out, or take a code of /v1/economies"
    LETTER_FACT "letter-fact" "is no key of a fact; leave it out, or take one of `sources` in a quote"
    LETTER_WHAT "letter-what" "say what is wrong, and what would be right, in {least} to {most} letters and signs"
    LETTER_SOURCE "letter-source" "must be the address of an official source: https://…"
    LETTER_CONTACT "letter-contact" "is longer than {most} letters and signs"
    LETTER_NOT_KEPT "letter-not-kept" "Corrections are not kept here. Those who run the service can keep them with --store."
    LETTER_NOT_KEPT_WRITE "letter-not-kept-write" "Corrections are not kept here. Write to {contact}."
    LETTER_OTHER_BODY "letter-other-body" "another letter came with the same Idempotency-Key; give this one a key of its own"
    LETTER_FULL "letter-full" "more letters came today than are read; write again tomorrow"
    LETTER_ELSEWHERE "letter-elsewhere" "A page of another site may not write here. Write on the page of this site, or with a program that is no browser."

    // The house of sellers and authorities.
    COLLECT_NOT_HERE "collect-not-here" "This service keeps no ledgers. Who runs it switches that on with --collect."
    COLLECT_NO_TOKEN "collect-no-token" "Send your token in one header: Authorization: Bearer twc_… It may have ended, or been taken back."
    COLLECT_NOT_YOURS "collect-not-yours" "Your token does not allow that: it is of another seller or authority, or of another role."
    COLLECT_NOT_NOW "collect-not-now" "Nothing was kept. Send it again in a moment; what was recorded before is known and changes nothing."
    COLLECT_FAULT "collect-fault" "Something is wrong inside; nothing was kept. Those who run this service find it in the log."

    // Refusals.
    DOOR_NO_PAGE "door-no-page" "There is no page at this address."
    DOOR_NOWHERE "door-nowhere" "{path} leads nowhere. /v1/openapi.json lists the doors of the API; / leads to the pages."
    DOOR_NO_LANGUAGE "door-no-language" "{path} leads nowhere. / leads to the pages, /v1/openapi.json names the doors of the API."
    DOOR_NOT_OF_API "door-not-of-api" "The API has no such door."
    DOOR_CODE "door-code" "A goods code has 4 to 12 digits, such as 6109.10."
    DOOR_METHOD "door-method" "{method} is not for this door; it takes {allow}."
    DOOR_METHOD_ALLOW "door-method-allow" "{method} is not for this door; the header Allow of this answer names what it takes."
    DOOR_LARGE "door-large" "Send less, or divide it; /v1/openapi.json names the limits."
    DOOR_WAIT "door-wait" "Wait {seconds} seconds, and ask less often."
    DOOR_WAIT_SOME "door-wait-some" "Wait some seconds, and ask less often."
    DOOR_WAIT_OR_KEY "door-wait-or-key" "Wait {seconds} s, and ask less often. Who has a key may ask ten times as often."
    DOOR_CROWD "door-crowd" "More is asked just now than can be answered. Try again in a second."
    DOOR_LONG "door-long" "Ask a smaller question, or try again."
    DOOR_BUSY "door-busy" "The service has too much to do just now."
    DOOR_FAULT "door-fault" "Tell those who run it, with the x-request-id of this answer."
    DOOR_UNREADABLE "door-unreadable" "It cannot be read; /v1/openapi.json says what the door takes."
    DOOR_NO_KEYS "door-no-keys" "This service gives out no keys. Leave the header Authorization out."
    DOOR_KEY "door-key" "The key in the header Authorization is not one of this service, or was withdrawn. Write \"Authorization: Bearer KEY\", or leave the header out and ask less often."
}
