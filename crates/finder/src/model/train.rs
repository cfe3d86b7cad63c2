//! Fits the model to texts with their codes.

use super::shape::Shape;
use super::{LENGTH, Model, PLACES, features};
use crate::index::{Index, Kind};
use crate::text::Stems;

/// A text, how much it counts, and its codes with their shares.
#[derive(Debug, Clone)]
pub struct Example {
    /// Its features.
    pub features: Vec<u32>,
    /// How much it counts.
    pub weight: f32,
    /// Codes of six digits with shares that add up to one.
    pub codes: Vec<(u32, f32)>,
}

impl Example {
    /// A text with equally right codes.
    pub fn new(stems: &Stems, text: &str, weight: f32, codes: &[u32]) -> Self {
        let share = 1.0 / codes.len().max(1) as f32;
        Self { features: features(stems, text), weight, codes: codes.iter().map(|code| (*code, share)).collect() }
    }
}

/// The words of the index as examples: names and titles with the codes to which they lead.
pub fn of_index(index: &Index, stems: &Stems) -> Vec<Example> {
    let mut out = Vec::new();
    for phrase in &index.phrases {
        let weight = match phrase.kind {
            Kind::Name => 1.0,
            Kind::Code => 1.0,
            Kind::Heading => 0.7,
            Kind::Chapter => continue,
        };
        // The codes that share a place share its weight; each place is half as likely as the one before.
        let mut shares: Vec<(u32, f32)> = phrase
            .to
            .iter()
            .take(60)
            .map(|(code, place)| {
                let alike = phrase.to.iter().filter(|(_, p)| p == place).count() as f32;
                (index.codes[usize::from(*code)].digits, 0.5f32.powi(i32::from(*place).min(6)) / alike)
            })
            .collect();
        let sum: f32 = shares.iter().map(|(_, s)| s).sum();
        shares.iter_mut().for_each(|(_, s)| *s /= sum);
        out.push(Example { features: features(stems, &phrase.text), weight, codes: shares });
    }
    out
}

/// How the model is fitted.
#[derive(Debug, Clone, Copy)]
pub struct Course {
    /// Times that all examples are seen.
    pub rounds: usize,
    /// The first step.
    pub step: f32,
    /// Share of features left out at random.
    pub left_out: f32,
}

impl Default for Course {
    fn default() -> Self {
        Self { rounds: 12, step: 0.25, left_out: 0.25 }
    }
}

/// A row of random numbers that is the same each time (xorshift).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
    fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }
}

/// A heading by its row, its share, and the shares of its codes by their rows.
type OfHeading = (usize, f32, Vec<(usize, f32)>);

/// Fits a model (AdaGrad, one example at a time); `shape` was fitted before. The same examples in the same order give the same model.
pub fn fit(index: &Index, examples: &[Example], shape: Shape, course: Course) -> Model {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let headings: Vec<u32> = index.headings.iter().map(|h| u32::from(h.digits)).collect();
    let codes: Vec<u32> = index.codes.iter().map(|c| c.digits).collect();
    let mut random = |n: usize, by: f32| -> Vec<f32> { (0..n).map(|_| (dice.unit() - 0.5) * by).collect() };
    let mut model = Model {
        // What no example holds says nothing.
        features: vec![0.0; PLACES * LENGTH],
        of_headings: random(headings.len() * LENGTH, 0.2),
        of_codes: random(codes.len() * LENGTH, 0.2),
        bias: vec![0.0; headings.len()],
        code_bias: vec![0.0; codes.len()],
        headings,
        codes,
        shape,
    };
    // One sum of squares a vector: a tenth of the memory, and nearly as good as one a number.
    let mut seen_features = vec![1e-3f32; PLACES];
    let mut seen_headings = vec![1e-3f32; model.headings.len()];
    let mut seen_codes = vec![1e-3f32; model.codes.len()];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    for round in 0..course.rounds {
        for at in (1..order.len()).rev() {
            order.swap(at, dice.next() as usize % (at + 1));
        }
        let step = course.step * (1.0 - 0.8 * round as f32 / course.rounds as f32);
        let mut loss = 0.0f64;
        for at in &order {
            let example = &examples[*at];
            let kept: Vec<u32> = example.features.iter().copied().filter(|_| dice.unit() >= course.left_out).collect();
            if kept.is_empty() {
                continue;
            }
            let (mut wrong, sum) = model.headings_of(&kept);
            let mut of_heading: Vec<OfHeading> = Vec::new();
            for (code, share) in &example.codes {
                let Ok(heading) = model.headings.binary_search(&(code / 100)) else { continue };
                let at = of_heading.iter().position(|(h, ..)| *h == heading).unwrap_or_else(|| {
                    of_heading.push((heading, 0.0, Vec::new()));
                    of_heading.len() - 1
                });
                of_heading[at].1 += share;
                // A code of an older edition teaches its heading alone.
                if let Ok(code) = model.codes.binary_search(code) {
                    of_heading[at].2.push((code, *share));
                }
            }
            let mut back = [0f32; LENGTH];
            for (heading, share, codes) in &of_heading {
                loss -= f64::from(share * (wrong[*heading] + 1e-9).ln());
                wrong[*heading] -= share;
                if codes.is_empty() {
                    continue;
                }
                let share: f32 = codes.iter().map(|(_, s)| s).sum();
                let first = model.below(*heading).start;
                let mut within = model.within(*heading, &sum);
                within.iter_mut().for_each(|w| *w *= share);
                codes.iter().for_each(|(code, share)| within[code - first] -= share);
                for (place, w) in within.iter().enumerate() {
                    let code = first + place;
                    push(
                        &mut model.of_codes,
                        &mut seen_codes,
                        &mut model.code_bias,
                        code,
                        w * example.weight,
                        &sum,
                        &mut back,
                        step,
                    );
                }
            }
            for (heading, w) in wrong.iter().enumerate() {
                // Far-off headings move nothing.
                if w.abs() > 1e-5 {
                    push(
                        &mut model.of_headings,
                        &mut seen_headings,
                        &mut model.bias,
                        heading,
                        w * example.weight,
                        &sum,
                        &mut back,
                        step,
                    );
                }
            }
            let by = 1.0 / (kept.len() as f32).sqrt();
            let square = back.iter().map(|b| b * b).sum::<f32>() * by * by / LENGTH as f32;
            for feature in kept {
                let feature = feature as usize;
                seen_features[feature] += square;
                let rate = step * by / seen_features[feature].sqrt();
                for (v, b) in model.features[feature * LENGTH..(feature + 1) * LENGTH].iter_mut().zip(&back) {
                    *v -= rate * b;
                }
            }
        }
        if std::env::var_os("FINDER_TELL").is_some() {
            eprintln!("round {round}: {:.4}", loss / examples.len() as f64);
        }
    }
    model
}

#[allow(clippy::too_many_arguments)]
fn push(
    all: &mut [f32],
    seen: &mut [f32],
    bias: &mut [f32],
    at: usize,
    w: f32,
    sum: &[f32; LENGTH],
    back: &mut [f32; LENGTH],
    step: f32,
) {
    let own = &mut all[at * LENGTH..(at + 1) * LENGTH];
    let mut square = 0.0;
    for ((v, s), b) in own.iter().zip(sum).zip(back.iter_mut()) {
        *b += w * v;
        square += (w * s) * (w * s);
    }
    seen[at] += square / LENGTH as f32;
    let rate = step / seen[at].sqrt();
    for (v, s) in own.iter_mut().zip(sum) {
        *v -= rate * w * s;
    }
    bias[at] -= rate * w * 0.1;
}
