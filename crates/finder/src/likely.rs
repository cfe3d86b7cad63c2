//! The codes that between them are likely enough, for those who ask what each would cost.

use crate::answer::{Answer, Candidate};

/// A share of a value, as [`crate::query::Worth`] takes it, from ten-thousandths of the value.
pub fn share(ten_thousandths: u32) -> f64 {
    f64::from(ten_thousandths) / 10_000.0
}

/// How likely something is in whole percent.
pub fn percent(probability: f64) -> u8 {
    (probability * 100.0).round().clamp(0.0, 100.0) as u8
}

/// How likely a code must be to be looked at beside the first.
const LEAST: f64 = 0.02;

impl Answer {
    /// The fewest codes, the likeliest first, that together hold so many percent of the probability, at most so many, and none of less than two
    /// percent beside the first; and how many percent they hold, which may be less: the rest is that it is none of them.
    ///
    /// ```
    /// let answer = tidewaiter_finder::Finder::embedded().find("cotton t-shirt", 8);
    /// let (codes, held) = answer.likeliest(90, 8);
    /// assert!(codes[0].code == "610910" && codes.len() <= 8 && held > 50);
    /// assert!(codes.iter().skip(1).all(|code| code.probability >= 0.02));
    /// ```
    pub fn likeliest(&self, percent: u8, most: usize) -> (&[Candidate], u8) {
        let (mut count, mut held) = (0, 0.0);
        for one in self.codes.iter().take(most) {
            if held * 100.0 >= f64::from(percent) || count > 0 && one.probability < LEAST {
                break;
            }
            held += one.probability;
            count += 1;
        }
        // Rounded down: what is said to be held is held.
        (&self.codes[..count], (held * 100.0 + 1e-9).floor().clamp(0.0, 100.0) as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::share;
    use crate::answer::{Answer, Candidate};
    use crate::text::Language;
    use crate::vague::Doubt;

    fn answer(of: &[f64]) -> Answer {
        let text = String::new;
        let codes = of.iter().enumerate().map(|(at, probability)| Candidate {
            code: format!("{at:06}"),
            probability: *probability,
            title: text(),
            heading: text(),
            chapter: text(),
            because: text(),
            fit: 0.0,
            not_here: Vec::new(),
            notes: Vec::new(),
        });
        let codes = codes.collect();
        Answer {
            language: Language::En,
            vague: None,
            advice: None,
            codes,
            unknown: Vec::new(),
            question: None,
            doubt: Doubt::default(),
        }
    }

    #[test]
    fn the_fewest_that_hold_enough() {
        let told = |of: &[f64], most| {
            let answer = answer(of);
            let (codes, held) = answer.likeliest(90, most);
            (codes.len(), held)
        };
        assert_eq!(told(&[0.5, 0.3, 0.15, 0.05], 8), (3, 95));
        assert_eq!(told(&[0.9, 0.1], 8), (1, 90));
        assert_eq!(told(&[0.899, 0.05, 0.051], 8), (2, 94), "rounded down");
        assert_eq!(told(&[0.4, 0.3, 0.3], 2), (2, 70), "no more than asked for");
        assert_eq!(told(&[], 8), (0, 0));
        assert_eq!(told(&[0.7, 0.05, 0.019], 8), (2, 75), "hardly likely");
        assert_eq!(told(&[0.015, 0.014], 8), (1, 1));
    }

    #[test]
    fn shares() {
        assert_eq!((super::percent(0.996), super::percent(0.004), super::percent(f64::NAN)), (100, 0, 0));
        assert!((share(1250) - 0.125).abs() < 1e-12);
    }
}
