//! How much each kind of evidence counts.

/// How much each kind of evidence counts. Fitted by the example `tune` to the development sets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// A name of a thing.
    pub name: f32,
    /// The title of a code.
    pub code: f32,
    /// The title of a heading.
    pub heading: f32,
    /// The title of a chapter.
    pub chapter: f32,
    /// A fact of the code that the text gives, or contradicts.
    pub fact: f32,
    /// A fact of the heading.
    pub heading_fact: f32,
    /// What examples taught of a heading.
    pub learned_heading: f32,
    /// What they taught of a code.
    pub learned_code: f32,
    /// How much of a phrase must stand in the text, as a power.
    pub covered: f32,
    /// What follows "for".
    pub purpose: f32,
    /// The same letters in another language than the one spoken.
    pub foreign: f32,
    /// The step from one code that a name leads to, to the next.
    pub rank: f32,
    /// The word that says what the thing is.
    pub head: f32,
    /// A name that does not hold that word.
    pub headless: f32,
    /// What the model says of a heading, and of a code of it.
    pub model: f32,
    /// The same of a code within its heading.
    pub model_code: f32,
    /// What was loaded beside the words: official texts, rulings.
    pub extra: f32,
}

impl Weights {
    /// All of them by name, to be read and set.
    pub fn each(&mut self) -> [(&'static str, &mut f32); 17] {
        [
            ("name", &mut self.name),
            ("code", &mut self.code),
            ("heading", &mut self.heading),
            ("chapter", &mut self.chapter),
            ("fact", &mut self.fact),
            ("heading_fact", &mut self.heading_fact),
            ("learned_heading", &mut self.learned_heading),
            ("learned_code", &mut self.learned_code),
            ("covered", &mut self.covered),
            ("purpose", &mut self.purpose),
            ("foreign", &mut self.foreign),
            ("rank", &mut self.rank),
            ("head", &mut self.head),
            ("headless", &mut self.headless),
            ("model", &mut self.model),
            ("model_code", &mut self.model_code),
            ("extra", &mut self.extra),
        ]
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            name: 11.3,
            code: 4.82,
            heading: 2.05,
            chapter: 0.7,
            fact: 1.2,
            heading_fact: 0.48,
            learned_heading: 0.35,
            learned_code: 0.149,
            covered: 0.427,
            purpose: 0.0132,
            foreign: 0.937,
            rank: 0.18,
            head: 1.62,
            headless: 0.75,
            model: 0.701,
            model_code: 0.784,
            extra: 3.0,
        }
    }
}
