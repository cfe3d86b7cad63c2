//! A small learned model: from the words, their letters and their places in a text to headings, and within a heading to its codes.
//!
//! A text is the sum of the vectors of its features, over the root of their number; a heading is as likely as the product of that
//! with its own vector says, among all headings (a log-bilinear classifier, as in Joulin and others, "Bag of Tricks for Efficient Text
//! Classification", 2016); the codes of a heading likewise among themselves.

pub mod shape;
pub mod train;

use crate::text::{Language, Stems, head, is_noise, is_purpose, is_stop, words};

/// Length of a vector.
pub const LENGTH: usize = 48;
/// Places for the features; they share where their hashes meet.
pub const PLACES: usize = 1 << 16;

/// Vectors of features, headings and codes.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Four digits of each heading, sorted.
    pub headings: Vec<u32>,
    /// Six digits of each code, sorted.
    pub codes: Vec<u32>,
    pub(crate) features: Vec<f32>,
    pub(crate) of_headings: Vec<f32>,
    pub(crate) of_codes: Vec<f32>,
    /// What a heading has before any word.
    pub(crate) bias: Vec<f32>,
    pub(crate) code_bias: Vec<f32>,
    /// What tells texts that say too little.
    pub shape: shape::Shape,
}

fn hash(kind: u8, text: &str) -> u32 {
    let mut h = 0xcbf2_9ce4_8422_2325u64 ^ u64::from(kind);
    for b in text.bytes() {
        h = (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
    }
    h ^= h >> 29;
    (h as usize % PLACES) as u32
}

/// The features of a text: of each word its letters and endings, and which word leads.
pub fn features(stems: &Stems, text: &str) -> Vec<u32> {
    let mut out = Vec::new();
    let mut told: Vec<String> = Vec::new();
    let mut purpose = false;
    for word in words(text).iter().take(24) {
        let folded = word.folded.as_str();
        if is_purpose(folded) && !told.is_empty() {
            purpose = true;
            continue;
        }
        if is_stop(folded) || is_noise(folded) {
            continue;
        }
        let mut stemmed: Vec<String> = Language::ALL.iter().map(|language| stems.stem(*language, folded)).collect();
        stemmed.sort_unstable();
        stemmed.dedup();
        let kind = if purpose { 10 } else { 0 };
        out.extend(stemmed.iter().map(|stem| hash(1 + kind, stem)));
        let marked: Vec<char> = std::iter::once('<').chain(folded.chars()).chain(['>']).collect();
        for length in 3..=5 {
            for run in marked.windows(length) {
                out.push(hash(2, &run.iter().collect::<String>()));
            }
        }
        if let Some(before) = told.last() {
            out.push(hash(3 + kind, &format!("{before} {folded}")));
        }
        if !purpose {
            told.push(folded.to_owned());
        }
    }
    if let (Some(first), Some(last)) = (told.first(), told.last()) {
        out.push(hash(4, &stems.stem(Language::En, first)));
        out.push(hash(5, &stems.stem(Language::En, last)));
    }
    if let Some(head) = head(text) {
        out.push(hash(6, &stems.stem(Language::En, &head)));
    }
    out.sort_unstable();
    out.dedup();
    out
}

pub(crate) fn row(all: &[f32], at: usize) -> &[f32] {
    &all[at * LENGTH..(at + 1) * LENGTH]
}

pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Logits to shares of one, in place.
pub(crate) fn softmax(logits: &mut [f32]) {
    let top = logits.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for logit in logits.iter_mut() {
        *logit = (*logit - top).exp();
        sum += *logit;
    }
    logits.iter_mut().for_each(|logit| *logit /= sum);
}

impl Model {
    /// The codes of a heading, as rows.
    pub(crate) fn below(&self, heading: usize) -> std::ops::Range<usize> {
        let digits = self.headings[heading];
        self.codes.partition_point(|code| *code < digits * 100)
            ..self.codes.partition_point(|code| *code < (digits + 1) * 100)
    }

    fn sum(&self, features: &[u32]) -> [f32; LENGTH] {
        let mut sum = [0.0; LENGTH];
        for feature in features {
            for (s, v) in sum.iter_mut().zip(row(&self.features, *feature as usize)) {
                *s += v;
            }
        }
        let by = 1.0 / (features.len().max(1) as f32).sqrt();
        sum.iter_mut().for_each(|s| *s *= by);
        sum
    }

    /// How likely each heading is, in their order.
    pub fn headings_of(&self, features: &[u32]) -> (Vec<f32>, [f32; LENGTH]) {
        let sum = self.sum(features);
        let mut out: Vec<f32> =
            (0..self.headings.len()).map(|h| dot(&sum, row(&self.of_headings, h)) + self.bias[h]).collect();
        softmax(&mut out);
        (out, sum)
    }

    /// How likely each code of a heading is, if the heading is right.
    pub fn within(&self, heading: usize, sum: &[f32; LENGTH]) -> Vec<f32> {
        let mut out: Vec<f32> =
            self.below(heading).map(|c| dot(sum, row(&self.of_codes, c)) + self.code_bias[c]).collect();
        softmax(&mut out);
        out
    }
}

/// What the file of a model begins with.
const MARK: &[u8; 8] = b"TWMODEL1";

impl Model {
    /// The model as bytes: a number and signed bytes for each vector, so that each of its numbers keeps two digits.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MARK.to_vec();
        for digits in [&self.headings, &self.codes] {
            out.extend((digits.len() as u32).to_le_bytes());
            digits.iter().for_each(|d| out.extend(d.to_le_bytes()));
        }
        for all in [&self.bias, &self.code_bias] {
            all.iter().for_each(|b| out.extend(b.to_le_bytes()));
        }
        for all in [&self.features, &self.of_headings, &self.of_codes] {
            for row in all.chunks(LENGTH) {
                let scale = row.iter().fold(0f32, |most, v| most.max(v.abs())) / 127.0;
                out.extend(scale.to_le_bytes());
                out.extend(row.iter().map(|v| if scale > 0.0 { (v / scale).round() as i8 as u8 } else { 0 }));
            }
        }
        out.extend(self.shape.to_bytes());
        out
    }

    /// Reads what [`Self::to_bytes`] wrote; nothing where the bytes are something else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(MARK)?;
        let mut take = |n: usize| -> Option<&[u8]> {
            let (taken, left) = rest.split_at_checked(n)?;
            rest = left;
            Some(taken)
        };
        let mut digits = || -> Option<Vec<u32>> {
            let n = u32::from_le_bytes(take(4)?.try_into().ok()?) as usize;
            let all = take(n.checked_mul(4)?)?;
            all.chunks_exact(4).map(|d| d.try_into().ok().map(u32::from_le_bytes)).collect()
        };
        let (headings, codes) = (digits()?, digits()?);
        let mut floats = |n: usize| -> Option<Vec<f32>> {
            take(n.checked_mul(4)?)?.chunks_exact(4).map(|d| d.try_into().ok().map(f32::from_le_bytes)).collect()
        };
        let (bias, code_bias) = (floats(headings.len())?, floats(codes.len())?);
        let mut rows = |n: usize| -> Option<Vec<f32>> {
            let mut out = Vec::with_capacity(n * LENGTH);
            for _ in 0..n {
                let scale = f32::from_le_bytes(take(4)?.try_into().ok()?);
                out.extend(take(LENGTH)?.iter().map(|b| f32::from(*b as i8) * scale));
            }
            Some(out)
        };
        let (features, of_headings, of_codes) = (rows(PLACES)?, rows(headings.len())?, rows(codes.len())?);
        let shape = shape::Shape::from_bytes(rest)?;
        Some(Self { headings, codes, features, of_headings, of_codes, bias, code_bias, shape })
    }
}

#[cfg(test)]
mod tests {
    use super::shape::Shape;
    use super::train::{Course, Example, fit};
    use super::{LENGTH, MARK, Model, features};
    use crate::Finder;
    use crate::text::Stems;

    fn small() -> Model {
        let stems = Stems::default();
        let texts = [("cotton shirt", 610510), ("wooden chair", 940169), ("green tea", 90220), ("steel knife", 821192)];
        let examples: Vec<Example> =
            texts.iter().map(|(text, code)| Example::new(&stems, text, 1.0, &[*code])).collect();
        let shape = Shape::fit([("black, xl", true, 1.0), ("gift", true, 1.0), ("green tea", false, 1.0)]);
        fit(&Finder::words_alone(), &examples, shape, Course { rounds: 60, ..Course::default() })
    }

    fn likeliest(model: &Model, text: &str) -> u32 {
        let (headings, _) = model.headings_of(&features(&Stems::default(), text));
        let best = (0..headings.len()).max_by(|a, b| headings[*a].total_cmp(&headings[*b])).unwrap();
        model.headings[best]
    }

    #[test]
    fn what_is_taught_is_known_and_so_are_its_slips() {
        let model = small();
        assert_eq!(likeliest(&model, "cotton shirt"), 6105);
        assert_eq!(likeliest(&model, "a chair of wood"), 9401);
        assert_eq!(likeliest(&model, "steel knifes"), 8211, "by its letters");
        assert!(model.shape.too_little("black, xl") > model.shape.too_little("green tea"));
        let (headings, sum) = model.headings_of(&features(&Stems::default(), "green tea"));
        assert!((headings.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        let heading = model.headings.binary_search(&902).unwrap();
        assert!((model.within(heading, &sum).iter().sum::<f32>() - 1.0).abs() < 1e-4);
    }

    #[test]
    fn the_same_lessons_give_the_same_bytes() {
        let model = small();
        let bytes = model.to_bytes();
        assert_eq!(bytes, small().to_bytes());
        let read = Model::from_bytes(&bytes).unwrap();
        assert_eq!(read.headings, model.headings);
        assert_eq!(likeliest(&read, "cotton shirt"), 6105, "though each number kept two digits");
    }

    #[test]
    fn other_bytes_are_no_model() {
        let bytes = small().to_bytes();
        for wrong in [&[][..], MARK, &bytes[..bytes.len() - 1], &bytes[1..], &bytes[..LENGTH]] {
            assert!(Model::from_bytes(wrong).is_none());
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert!(Model::from_bytes(&longer).is_none());
        // A count that would ask for more than there is.
        let mut huge = bytes;
        huge[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(Model::from_bytes(&huge).is_none());
    }
}
