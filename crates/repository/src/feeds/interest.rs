//! Which news somebody wants.

use super::{Change, GIVEN_UP, Interest, News};
use crate::name;

/// Most territories, authorities or beginnings of codes that one may ask for.
pub const MOST: usize = 1_000;

/// What names no goods and may change what is due on any.
const OF_ALL_GOODS: [&str; 7] =
    ["rate", "rate-goods", "area", "area-member", "program", "program-origin", "program-proof"];
/// What does not say which goods it is about. All else is about the goods whose code is the key: measures, lines, classes of
/// tax of a code.
const OF_NO_GOODS: [&str; 5] = ["exchange-rate", "fact", "text", "origin-rule", "edition"];

/// Why an interest cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InterestError {
    /// A word is not what stands there.
    #[error("{field}: \"{found}\" is not {expected}")]
    Word {
        /// `territories`, `authorities` or `goods`.
        field: &'static str,
        /// What was given, cut short.
        found: String,
        /// What it should be.
        expected: &'static str,
    },
    /// Too many words.
    #[error("{field}: at most {MOST} can be asked for at once; leave the list empty to get all")]
    TooMany {
        /// `territories`, `authorities` or `goods`.
        field: &'static str,
    },
}

impl Interest {
    /// Reads an interest from three lists with commas, as they stand in an address. An empty list asks for all.
    ///
    /// ```
    /// use tidewaiter_repository::feeds::Interest;
    /// let vegetables = Interest::from_lists("QQ", "", "0709,0710.80")?;
    /// assert_eq!(vegetables.query(), "territories=QQ&goods=0709,071080");
    /// assert!(Interest::from_lists("", "", "7").is_err());
    /// # Ok::<(), tidewaiter_repository::feeds::interest::InterestError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn from_lists(territories: &str, authorities: &str, goods: &str) -> Result<Self, InterestError> {
        let words = |list: &str| -> Vec<String> {
            // One more than may be, so that the check sees it.
            list.split(',').map(str::trim).filter(|word| !word.is_empty()).take(MOST + 1).map(str::to_owned).collect()
        };
        let interest = Self { territories: words(territories), authorities: words(authorities), goods: words(goods) };
        interest.check()?;
        Ok(interest)
    }

    /// Whether it can be asked for: known forms, 1,000 words a list at most.
    ///
    /// # Errors
    /// The first word that is wrong, with what it should be.
    pub fn check(&self) -> Result<(), InterestError> {
        let territory =
            |word: &str| (2..=16).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let goods = |word: &str| {
            (2..=12).contains(&digits(word).len())
                && word.len() <= 24
                && word.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b' ')
        };
        each("territories", &self.territories, territory, "the code of a territory, such as QQ")?;
        each(
            "authorities",
            &self.authorities,
            |w| name::authority(w).is_ok(),
            "the name of an authority, such as q-customs",
        )?;
        each("goods", &self.goods, goods, "the beginning of a goods code: 2 to 12 digits, such as 0709")
    }

    /// As it stands in the address of a feed, after the question mark. Empty where all is asked for. It needs no escapes once
    /// it has been checked.
    pub fn query(&self) -> String {
        let goods: Vec<String> = self.goods.iter().map(|word| digits(word)).collect();
        let lists = [("territories", &self.territories), ("authorities", &self.authorities), ("goods", &goods)];
        let parts: Vec<String> = lists
            .iter()
            .filter(|(_, words)| !words.is_empty())
            .map(|(name, words)| format!("{name}={}", words.join(",")))
            .collect();
        parts.join("&")
    }

    /// The news cut to what is asked for; nothing where none of it is.
    ///
    /// Territory and authority must both be asked for, where lists are given. Of the changes those stay that touch the goods:
    ///
    /// - A code below the beginning: `0709` takes `070999`, and not `0711`.
    /// - A code above it: a duty on chapter `07` is inherited by `0709`, so its change counts.
    /// - Tables of tax rates, areas and programmes: they name no goods and may change what is due on any.
    /// - No exchange rates, facts, texts and rules of origin: of what goods they speak is not said in their keys.
    ///
    /// That an approved edition was given up is told to those who named its authority, whatever the goods.
    ///
    /// A withdrawal is told even where no change touches the goods: who relied on the edition must know. Any other edition
    /// without such a change is not told to those who named goods.
    pub fn picks(&self, news: &News) -> Option<News> {
        let among = |list: &[String], word: &str| list.is_empty() || list.iter().any(|one| one == word);
        // News of no territory is only for those who did not name one.
        let here = among(&self.territories, news.territory.as_deref().unwrap_or_default());
        if !here || !among(&self.authorities, &news.authority) {
            return None;
        }
        // Nobody saw it. Its own people, who named the authority, want to know.
        if news.kind == GIVEN_UP {
            return (!self.authorities.is_empty()).then(|| news.clone());
        }
        if self.goods.is_empty() {
            return Some(news.clone());
        }
        let goods: Vec<String> = self.goods.iter().map(|word| digits(word)).filter(|word| word.len() >= 2).collect();
        let changes: Vec<Change> = news.changes.iter().filter(|change| touches(change, &goods)).cloned().collect();
        let told = !changes.is_empty() || news.kind == "withdrawal";
        told.then(|| News {
            authority: news.authority.clone(),
            authority_name: news.authority_name.clone(),
            territory: news.territory.clone(),
            edition: news.edition.clone(),
            kind: news.kind.clone(),
            concerns: news.concerns.clone(),
            title: news.title.clone(),
            reason: news.reason.clone(),
            changes,
            ..*news
        })
    }
}

fn each(
    field: &'static str,
    words: &[String],
    good: impl Fn(&str) -> bool,
    expected: &'static str,
) -> Result<(), InterestError> {
    if words.len() > MOST {
        return Err(InterestError::TooMany { field });
    }
    match words.iter().find(|word| !good(word)) {
        Some(bad) => Err(InterestError::Word { field, found: bad.chars().take(40).collect(), expected }),
        None => Ok(()),
    }
}

fn touches(change: &Change, goods: &[String]) -> bool {
    let kind = change.kind.as_str();
    if OF_ALL_GOODS.contains(&kind) || OF_NO_GOODS.contains(&kind) {
        return OF_ALL_GOODS.contains(&kind);
    }
    let code = digits(&change.key);
    // A key without digits would be above every code.
    code.len() >= 2 && goods.iter().any(|asked| code.starts_with(asked) || asked.starts_with(&code))
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(kind: &str, key: &str) -> Change {
        Change { kind: kind.into(), key: key.into(), old: None, new: Some("1 %".into()), from: None }
    }

    fn news(kind: &str, changes: Vec<Change>) -> News {
        News {
            authority: "q-customs".into(),
            authority_name: "Customs of Q".into(),
            territory: Some("QQ".into()),
            number: 12,
            edition: "ab".repeat(32),
            kind: kind.into(),
            concerns: vec![],
            title: "Tariff".into(),
            reason: None,
            published: Default::default(),
            changes,
        }
    }

    /// The keys of the changes that an interest in some goods takes.
    fn taken(goods: &[&str], changes: &[(&str, &str)]) -> Option<Vec<String>> {
        let interest = Interest { goods: goods.iter().map(|g| (*g).to_owned()).collect(), ..Interest::default() };
        let news = news("ordinary", changes.iter().map(|(kind, key)| change(kind, key)).collect());
        interest.picks(&news).map(|news| news.changes.into_iter().map(|change| change.key).collect())
    }

    #[test]
    fn a_beginning_takes_what_is_below_and_above_and_not_beside() {
        let keys = ["07", "0709", "070999", "0709.99", "07099910", "0711", "08", "7090", "", "7"];
        let all: Vec<(&str, &str)> = keys.iter().map(|key| ("measure", *key)).collect();
        let below_and_above = ["07", "0709", "070999", "0709.99", "07099910"].map(str::to_owned).to_vec();
        assert_eq!(taken(&["0709"], &all), Some(below_and_above.clone()));
        assert_eq!(taken(&["07.09"], &all), Some(below_and_above));
        assert_eq!(taken(&["0711", "08"], &all), Some(["07", "0711", "08"].map(str::to_owned).to_vec()));
        // A longer beginning than any code of the change: its heading is above it.
        assert_eq!(taken(&["070960"], &[("measure", "0709"), ("measure", "070999")]), Some(vec!["0709".into()]));
        assert_eq!(taken(&["99"], &all), None);
    }

    #[test]
    fn a_beginning_that_names_no_goods_takes_none() {
        assert_eq!(taken(&["", "7", "x"], &[("measure", "0709")]), None);
    }

    #[test]
    fn only_keys_that_are_codes_are_taken_for_codes() {
        // Keys that look like codes below 0709.
        let others = [("origin-rule", "070912"), ("text", "070912"), ("exchange-rate", "0709"), ("fact", "0709")];
        assert_eq!(taken(&["0709"], &others), None);
        // These may change what is due on any goods.
        let any = [("rate", "vat"), ("area", "1020"), ("program", "GSP")];
        assert_eq!(taken(&["0709"], &any), Some(["vat", "1020", "GSP"].map(str::to_owned).to_vec()));
        assert_eq!(
            taken(&["0709"], &[("quota", "070912"), ("line", "0709"), ("rate-class", "0709.99")])
                .map(|keys| keys.len()),
            Some(3)
        );
    }

    #[test]
    fn a_withdrawal_is_told_to_all_and_a_correction_to_those_it_touches() {
        let interest = Interest { goods: vec!["0709".into()], ..Interest::default() };
        let withdrawal = news("withdrawal", vec![change("measure", "85")]);
        let told = interest.picks(&withdrawal).unwrap();
        assert_eq!(told, News { changes: vec![], ..withdrawal });
        assert_eq!(interest.picks(&news("correction", vec![change("measure", "85")])), None);
        assert!(interest.picks(&news("correction", vec![change("measure", "0709")])).is_some());
    }

    #[test]
    fn territory_and_authority_must_both_be_asked_for() {
        let of = |territories: &str, authorities: &str| Interest::from_lists(territories, authorities, "").unwrap();
        let told = news("ordinary", vec![]);
        assert_eq!(of("", "").picks(&told), Some(told.clone()));
        assert_eq!(of("ZZ,QQ", "q-customs").picks(&told), Some(told.clone()));
        assert_eq!(of("ZZ", "q-customs").picks(&told), None);
        assert_eq!(of("QQ", "z-customs").picks(&told), None);
        let world = News { territory: None, ..told };
        assert!(of("", "q-customs").picks(&world).is_some());
        assert_eq!(of("QQ", "").picks(&world), None);
    }

    #[test]
    fn what_cannot_be_asked_for_is_refused() {
        for goods in ["7", "07x", "0709;", "1234567890123", "…"] {
            assert!(
                matches!(Interest::from_lists("", "", goods), Err(InterestError::Word { field: "goods", .. })),
                "{goods}"
            );
        }
        for territory in ["Q", "Q/Q", "a&b", "QQQQQQQQQQQQQQQQQ"] {
            assert!(matches!(
                Interest::from_lists(territory, "", ""),
                Err(InterestError::Word { field: "territories", .. })
            ));
        }
        assert!(matches!(Interest::from_lists("", "../x", ""), Err(InterestError::Word { field: "authorities", .. })));
        let many = "QQ,".repeat(MOST + 1);
        assert_eq!(Interest::from_lists(&many, "", ""), Err(InterestError::TooMany { field: "territories" }));
        assert_eq!(
            Interest::from_lists("", "", "x").unwrap_err().to_string(),
            "goods: \"x\" is not the beginning of a goods code: 2 to 12 digits, such as 0709"
        );
    }
}
