//! A rule read from its beginning to its end, word by word.

use super::{Step, Test};
use tidewaiter::Decimal;

pub(super) struct Cursor<'a> {
    pub(super) rest: &'a str,
}

pub(super) const PRICE: [&str; 10] = [
    " of the ex-works price of the product",
    " of the ex-works price of the products",
    " of the ex-works price of the good",
    " of the ex-works price of the goods",
    " of the ex-work price of the product",
    " of the ex-work price of the products",
    " of the ex-work price of the good",
    " of the ex-works price (exw) of the good",
    " of the ex-works price (exw) of the product",
    " of the ex-works price",
];

impl Cursor<'_> {
    pub(super) fn eat(&mut self, start: &str) -> bool {
        self.rest.strip_prefix(start).is_some_and(|rest| {
            self.rest = rest;
            true
        })
    }

    /// Eats the longest that fits.
    pub(super) fn eat_one(&mut self, starts: &[&str]) -> bool {
        let longest = starts.iter().filter(|start| self.rest.starts_with(**start)).max_by_key(|start| start.len());
        longest.is_some_and(|start| self.eat(start))
    }

    pub(super) fn percent(&mut self) -> Option<Decimal> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number = self.rest[..end].parse().ok()?;
        self.rest = &self.rest[end..];
        (self.eat("%") || self.eat(" %")).then_some(number)
    }

    /// `chapter 4`, `heading 2207 or 2208`, `headings 7206, 7218 or 7224`, `heading 4104 to heading 4113`.
    pub(super) fn codes(&mut self) -> Option<Vec<String>> {
        let mut codes: Vec<String> = Vec::new();
        loop {
            let before = self.rest;
            let chapter = self.eat_one(&["chapters ", "chapter "]);
            let heading = !chapter && self.eat_one(&["subheadings ", "subheading ", "headings ", "heading "]);
            if codes.is_empty() && !chapter && !heading {
                return None;
            }
            let end = self.rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(self.rest.len());
            let digits: String = self.rest[..end].chars().filter(char::is_ascii_digit).collect();
            let code = match digits.len() {
                1 if chapter || codes.last().is_some_and(|last| last.len() == 2) => format!("0{digits}"),
                2 | 4 | 6 | 8 | 10 => digits,
                _ => {
                    // Not a code: the list ended before the separator.
                    self.rest = before;
                    return (!codes.is_empty()).then_some(codes);
                }
            };
            let dotted_end = self.rest[..end].trim_end_matches('.').len();
            self.rest = &self.rest[dotted_end..];
            let here = self.rest;
            if self.eat_one(&[" to ", " through ", "-"]) {
                let _ = self.eat_one(&["chapters ", "chapter ", "subheading ", "heading "]);
                let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
                let until = &self.rest[..end];
                if until.len() == code.len() && until > code.as_str() {
                    codes.push(format!("{code}-{until}"));
                    self.rest = &self.rest[end..];
                } else {
                    self.rest = here;
                    return None;
                }
            } else {
                codes.push(code);
            }
            let here = self.rest;
            if !self.eat_one(&[", or ", ", and ", " or ", " and ", ", "]) {
                return Some(codes);
            }
            let _ = self.eat_one(&["those of ", "of ", "from "]);
            let more = self.rest.starts_with(|c: char| c.is_ascii_digit())
                || self.rest.starts_with("chapter")
                || self.rest.starts_with("heading")
                || self.rest.starts_with("subheading");
            if !more {
                self.rest = here;
                return Some(codes);
            }
        }
    }

    pub(super) fn rule(&mut self) -> Option<Vec<Test>> {
        if self.eat("manufacture") {
            return self.manufacture();
        }
        if self.eat("production from non-originating materials of any heading") {
            return Some(vec![Test::AnyHeading { except: Vec::new() }]);
        }
        if self.eat_one(&[
            "all goods must be wholly obtained",
            "all products are wholly obtained",
            "all the materials used are wholly obtained",
            "all materials used are wholly obtained",
            "goods must be wholly obtained",
            "wholly obtained",
        ]) {
            return Some(vec![Test::WhollyObtained { of: Vec::new() }]);
        }
        if self.eat("standard qvc") {
            return Some(vec![Test::QvcStandard]);
        }
        for (abbreviation, step, long) in [
            ("cc: ", Step::Chapter, "at the 2-digit level (chapter)"),
            ("cth: ", Step::Heading, "at the 4-digit level (tariff heading)"),
            ("cth: ", Step::Heading, "at the 4-digit level (heading)"),
            ("ctsh: ", Step::Subheading, "at the 6-digit level (subheading)"),
            ("ctsh: ", Step::Subheading, "at the 6-digit level (tariff subheading)"),
        ] {
            let whole = format!(
                "{abbreviation}all non-originating materials used in the production of the good have undergone a change \
                 in tariff classification {long}"
            );
            if self.eat(&whole) {
                let except = self.except()?;
                let mut tests = vec![Test::Change { step, except, same_heading: None }];
                if self.eat(" and standard qvc") {
                    tests.push(Test::QvcStandard);
                }
                return Some(tests);
            }
        }
        if self.eat("a change from any other ") {
            let step = if self.eat("chapter") {
                Step::Chapter
            } else if self.eat("heading") {
                Step::Heading
            } else if self.eat("subheading") {
                Step::Subheading
            } else {
                return None;
            };
            return Some(vec![Test::Change { step, except: self.except()?, same_heading: None }]);
        }
        let max = |percent, basis| vec![Test::MaxNom { percent, of: Vec::new(), same_heading: false, basis }];
        if self.eat("a maximum of ") {
            let percent = self.percent()?;
            return self
                .eat(" of the ex-works price (exw) is made up of non-originating parts (maxnom)")
                .then(|| max(percent, None));
        }
        if self.eat("the maximum value of non-originating materials (maxnom) cannot exceed ") {
            let percent = self.percent()?;
            return Some(if self.eat_one(&PRICE) {
                max(percent, None)
            } else {
                max(percent, Some("of a value not stated"))
            });
        }
        if self.eat("your goods contain a regional value content (rvc) of at least ") {
            let percent = self.percent()?;
            return self
                .eat(" of the free on board (fob) cost of the goods")
                .then(|| vec![Test::Rvc { percent, method: "of the FOB value" }]);
        }
        if self.eat("the good has a regional value content (rvc) as calculated under article 4 of the origin reference document of not less than ") {
            let percent = self.percent()?;
            if !self.eat(", whether using the build-up method or build-down method") {
                return None;
            }
            let again = format!(" (rvc{percent})");
            let _ = self.eat(&again);
            return Some(vec![Test::Rvc { percent, method: "build-up or build-down" }]);
        }
        None
    }

    pub(super) fn except(&mut self) -> Option<Vec<String>> {
        if self.eat_one(&[", except from ", " except from ", ", except for ", ", except "]) {
            let _ = self.eat_one(&["those of ", "that of ", "materials of "]);
            self.codes()
        } else {
            Some(Vec::new())
        }
    }

    /// After "manufacture": parts, then sentences that soften them.
    pub(super) fn manufacture(&mut self) -> Option<Vec<Test>> {
        let mut tests = Vec::new();
        loop {
            while self.eat_one(&[
                " ",
                "and ",
                "- ",
                "in which: ",
                "in which ",
                "where: ",
                "where ",
                "which ",
                ":",
                ",",
                ";",
            ]) {}
            if !tests.is_empty() && (self.rest.is_empty() || self.rest.starts_with('.')) {
                break;
            }
            let here = self.rest;
            match self.part() {
                Some(test) => tests.push(test),
                None if !tests.is_empty() && here.starts_with("or manufacture") => break,
                None => return None,
            }
            if self.rest.starts_with(" or manufacture") || self.rest.starts_with(", or manufacture") {
                break;
            }
        }
        while self.eat(". ") {
            if self.eat("however, the value of ") {
                // A further limit, not a softening.
                let of_all = format!("the value of {}", self.rest);
                let mut part = Cursor { rest: &of_all };
                let test = part.part()?;
                let left = part.rest.len();
                tests.push(test);
                self.rest = &self.rest[self.rest.len() - left..];
                continue;
            }
            let share = self.tolerance()?;
            let Some(Test::Change { step: Step::Heading, same_heading, .. }) = tests.last_mut() else { return None };
            if same_heading.replace(share).is_some() {
                return None;
            }
        }
        Some(tests)
    }

    pub(super) fn tolerance(&mut self) -> Option<Decimal> {
        if !self.eat("however, materials ") {
            return None;
        }
        let known = self.eat_one(&[
            "of the same heading as the product may be used",
            "of the same heading as the good may be used",
            "of the same heading may be used",
            "classified within the same heading may be used",
            "classified in the same heading may be used",
            "classified within the same heading as the product may be used",
        ]);
        if !known || !self.eat_one(&[", provided that ", ", provided ", " provided that ", " provided "]) {
            return None;
        }
        if !self.eat_one(&["their total value does not exceed ", "their value does not exceed "]) {
            return None;
        }
        let share = self.percent()?;
        self.eat_one(&PRICE).then_some(share)
    }

    pub(super) fn part(&mut self) -> Option<Test> {
        let change = |except| Test::Change { step: Step::Heading, except, same_heading: None };
        if self.eat("from materials of any heading") {
            if self.eat_one(&[
                ", except that of the product",
                ", except that of the good",
                " except that of the product",
                " except that of the good",
            ]) {
                let here = self.rest;
                if self.eat_one(&[" and ", " or ", ", "]) {
                    let _ = self.eat_one(&["those of ", "that of ", "materials of ", "of "]);
                    if let Some(codes) = self.codes() {
                        return Some(change(codes));
                    }
                    self.rest = here;
                }
                return Some(change(Vec::new()));
            }
            if self.eat(", including other materials of ") {
                // Materials of the product's own heading, which "any heading" allows.
                return self.codes().map(|_| Test::AnyHeading { except: Vec::new() });
            }
            return Some(Test::AnyHeading { except: self.except()? });
        }
        if self.eat_one(&[
            "from materials of any subheading, except that of the good",
            "from materials of any subheading, except that of the product",
        ]) {
            return Some(Test::Change { step: Step::Subheading, except: Vec::new(), same_heading: None });
        }
        if self.eat("from materials of ") {
            return self.codes().map(|codes| Test::From { codes });
        }
        if self.eat_one(&[
            "all the materials used are classified within a heading other than that of the product",
            "all the materials used are classified in a heading other than that of the product",
            "all the materials used are classified within a heading other than that of the good",
            "all materials used are classified within a heading other than that of the product",
        ]) {
            return Some(change(Vec::new()));
        }
        let _ = self.eat_one(&["within the above limit, ", "within the above limit "]);
        if self.eat_one(&["all the materials of ", "all materials of ", "the materials of "]) {
            let of = self.codes()?;
            return self
                .eat_one(&[" used are wholly obtained", " used must be wholly obtained", " are wholly obtained"])
                .then_some(Test::WhollyObtained { of });
        }
        if self.eat_one(&[
            "the value of all the non-originating materials used does not exceed the value of all the originating materials used",
            "the value of all the non-originating materials used does not exceed the value of the originating materials used",
            "the value of all non-originating materials used does not exceed the value of the originating materials used",
        ]) {
            return Some(Test::NomUpToOm);
        }
        let mut of = Vec::new();
        let mut same_heading = false;
        if self.eat_one(&[
            "the value of all the materials of the same heading as the product used",
            "the value of all the materials of the same heading as the good used",
        ]) {
            same_heading = true;
        } else if self.eat_one(&[
            "the value of all the materials of ",
            "the value of any materials of ",
            "the value of the materials of ",
        ]) {
            of = self.codes()?;
            if !self.eat(" used") {
                return None;
            }
        } else if !self.eat_one(&["the value of all the materials used", "the value of all materials used"]) {
            return None;
        }
        if !self.eat_one(&[" does not exceed ", " must not exceed "]) {
            return None;
        }
        let percent = self.percent()?;
        self.eat_one(&PRICE).then_some(Test::MaxNom { percent, of, same_heading, basis: None })
    }
}
