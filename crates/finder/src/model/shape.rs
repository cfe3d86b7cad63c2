//! Whether a text looks like one that names goods, or like "black, xl": a weight for each run of its letters and for its words (logistic
//! regression over hashed features).

/// Places for the features.
const PLACES: usize = 1 << 16;
/// Characters of a text that are looked at.
const MOST_CHARACTERS: usize = 300;

/// Weights of the features.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    weights: Vec<f32>,
    bias: f32,
}

fn place(kind: u8, parts: &[&[u8]]) -> usize {
    let mut h = 0xcbf2_9ce4_8422_2325u64 ^ u64::from(kind);
    for b in parts.iter().flat_map(|part| part.iter()) {
        h = (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3);
    }
    ((h ^ (h >> 31)) as usize) % PLACES
}

/// Places of a text with how much each counts; the squares add up to one.
pub fn features(text: &str) -> Vec<(usize, f32)> {
    let text: String = text.chars().take(MOST_CHARACTERS).flat_map(char::to_lowercase).collect();
    let mut all: Vec<usize> = Vec::new();
    let pieces: Vec<&str> = text.split_whitespace().collect();
    for piece in &pieces {
        let marked = format!(" {piece} ");
        let starts: Vec<usize> = marked.char_indices().map(|(at, _)| at).chain([marked.len()]).collect();
        for length in 2..=5 {
            for ends in starts.windows(length + 1) {
                all.push(place(1, &[&marked.as_bytes()[ends[0]..ends[length]]]));
            }
        }
        all.push(place(2, &[piece.as_bytes()]));
    }
    for pair in pieces.windows(2) {
        all.push(place(3, &[pair[0].as_bytes(), b" ", pair[1].as_bytes()]));
    }
    all.push(place(4, &[&[pieces.len().min(8) as u8]]));
    all.sort_unstable();
    all.dedup();
    let each = 1.0 / (all.len() as f32).sqrt();
    all.into_iter().map(|place| (place, each)).collect()
}

impl Shape {
    /// How surely too little is said: the logarithm of the odds.
    pub fn too_little(&self, text: &str) -> f32 {
        self.bias + features(text).iter().map(|(place, counts)| self.weights[*place] * counts).sum::<f32>()
    }

    /// Fits the weights to texts: whether each says too little, and how much it counts. The same texts in the same order give the same
    /// weights.
    pub fn fit<'a>(texts: impl IntoIterator<Item = (&'a str, bool, f32)>) -> Self {
        let texts: Vec<_> = texts.into_iter().map(|(text, wanted, counts)| (features(text), wanted, counts)).collect();
        let mut shape = Self { weights: vec![0.0; PLACES], bias: 0.0 };
        let mut seen = vec![1e-4f32; PLACES];
        // Steps through all texts in an order that is not that of the sets: by a number that shares no factor with theirs.
        let n = texts.len().max(1);
        let stride = (1..).map(|k| 7_919 + 2 * k).find(|s| gcd(*s, n) == 1).unwrap_or(1);
        for round in 0..ROUNDS {
            let step = 0.5 * (1.0 - 0.8 * round as f32 / ROUNDS as f32);
            for at in 0..texts.len() {
                let (features, wanted, counts) = &texts[(at * stride + round) % n];
                let score = shape.bias + features.iter().map(|(p, c)| shape.weights[*p] * c).sum::<f32>();
                let wrong = (1.0 / (1.0 + (-score).exp()) - if *wanted { 1.0 } else { 0.0 }) * counts;
                shape.bias -= 0.002 * wrong;
                for (place, by) in features {
                    let slope = wrong * by + DECAY * shape.weights[*place];
                    seen[*place] += slope * slope;
                    shape.weights[*place] -= step * slope / seen[*place].sqrt();
                }
            }
        }
        shape
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let scale = self.weights.iter().fold(0f32, |most, w| most.max(w.abs())) / 127.0;
        let mut out = self.bias.to_le_bytes().to_vec();
        out.extend(scale.to_le_bytes());
        out.extend(self.weights.iter().map(|w| if scale > 0.0 { (w / scale).round() as i8 as u8 } else { 0 }));
        out
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (bias, rest) = bytes.split_first_chunk::<4>()?;
        let (scale, rest) = rest.split_first_chunk::<4>()?;
        let scale = f32::from_le_bytes(*scale);
        let weights: Vec<f32> = rest.iter().map(|b| f32::from(*b as i8) * scale).collect();
        (weights.len() == PLACES).then_some(Self { weights, bias: f32::from_le_bytes(*bias) })
    }
}

/// Times that all texts are seen.
const ROUNDS: usize = 8;
/// How strongly weights are held small.
const DECAY: f32 = 1e-5;

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}
