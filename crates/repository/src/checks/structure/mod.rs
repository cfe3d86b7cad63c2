//! TW1xx: what a record must say to be one.

mod tw101_words;
mod tw102_amount_or_outcome;
mod tw103_outcome_says;
mod tw104_cited_facts;
mod tw105_source;
mod tw106_facts;
mod tw107_currency;
mod tw108_territory;
mod tw109_licence;
mod tw110_empty;
mod tw111_publishes;
mod tw112_rate_above_zero;
mod tw113_currency_pair;
mod tw114_additional_code;
mod tw115_tax_rate;
mod tw116_currency_in_amount;

pub(super) const ALL: &[super::Check] = &[
    tw101_words::CHECK,
    tw102_amount_or_outcome::CHECK,
    tw103_outcome_says::CHECK,
    tw104_cited_facts::CHECK,
    tw105_source::CHECK,
    tw106_facts::CHECK,
    tw107_currency::CHECK,
    tw108_territory::CHECK,
    tw109_licence::CHECK,
    tw110_empty::CHECK,
    tw111_publishes::CHECK,
    tw112_rate_above_zero::CHECK,
    tw113_currency_pair::CHECK,
    tw114_additional_code::CHECK,
    tw115_tax_rate::CHECK,
    tw116_currency_in_amount::CHECK,
];
