//! Texts that were not meant kindly, by name: for tests and for the benchmark.
#![allow(dead_code, unreachable_pub, reason = "each user takes its part")]

/// Texts of at most some hundred kilobytes.
pub fn small() -> Vec<(&'static str, String)> {
    let letters =
        |n: usize, at: usize| -> String { (0..n).map(|k| (b'a' + ((k * 7 + at * 5) % 26) as u8) as char).collect() };
    let each = |of: &dyn Fn(usize) -> String| -> String { (0..64).map(of).collect::<Vec<_>>().join(" ") };
    // Near to known words and none of them: the dearest to look for.
    let near = ["packaging", "porcelain", "container", "synthetic", "processed", "stainless", "cosmetics", "computer"];
    let slip = |at: usize| {
        let mut word: Vec<char> = near[at % near.len()].chars().collect();
        let place = 2 + at % (word.len() - 3);
        word[place] = if at.is_multiple_of(2) { 'q' } else { 'x' };
        word.into_iter().collect::<String>()
    };
    let known = [
        "cotton", "plastic", "steel", "leather", "machine", "parts", "wool", "glass", "paper", "fresh", "frozen", "men",
    ];
    vec![
        ("nothing", String::new()),
        ("2,000 times one letter", "a".repeat(2_000)),
        ("64 words of 40 letters", each(&|at| letters(40, at))),
        ("64 slips of known words", each(&slip)),
        ("64 words of 9 letters that begin with c", each(&|at| format!("c{}", letters(8, at)))),
        ("64 pairs written as one", each(&|at| format!("{}{}", known[at % 12], known[(at + 5) % 12]))),
        ("64 words that many names hold", each(&|at| known[at % 12].to_owned())),
        ("64 different words that many names hold", [known.join(" "), WORDS.to_owned()].join(" ")),
        ("100,000 combining accents", format!("e{}", "\u{301}".repeat(100_000))),
        ("accents in reverse order", format!("a{}", "\u{301}\u{327}\u{345}\u{31b}".repeat(25_000))),
        ("signs of many letters", "ﷺΐ\u{1f82}İẞ".repeat(400)),
        ("right to left", "\u{202e}trihs nottoc\u{202c} \u{2067}חולצה\u{2069} قميص قطن".repeat(40)),
        ("mixed scripts", "рубашка قميص シャツ חולצה สบู่ कमीज 셔츠 t-shirt ".repeat(40)),
        ("zero-width joiners", "cot\u{200d}ton\u{200b}t\u{feff}shirt\u{2060} ".repeat(100)),
        ("emoji", "👩\u{200d}👩\u{200d}👧🏳️\u{200d}🌈👍🏽".repeat(80)),
        ("NUL and other controls", "\0mug\u{1b}[31m\u{7}\u{9b}2J\u{7f}".repeat(150)),
        ("SQL", "'; DROP TABLE codes; --".repeat(80)),
        ("a template", "{{7*7}}${7*7}<%= 7*7 %>".repeat(80)),
        ("a script", "<script>alert(document.cookie)</script>".repeat(50)),
        ("a formula", "=HYPERLINK(\"http://x.example\",\"mug\")+cmd|' /C calc'!A0".repeat(40)),
        ("joined by dashes", "a-".repeat(1_000)),
        ("joined by points", "mug.".repeat(500)),
        ("apostrophes", "l'".repeat(1_000)),
        ("commas", ",".repeat(2_000)),
        ("what it lacks", "gluten free sugar free without not sans sin no non ".repeat(39)),
        ("what it is for", "for mug for pour para ".repeat(90)),
    ]
}

/// What large texts are made of, again and again.
pub const UNITS: [(&str, &str); 9] = [
    ("one letter", "a"),
    ("spaces", " "),
    ("commas", ","),
    ("points", "."),
    ("words", "cotton shirt "),
    ("brackets and stop words", "(of the) "),
    ("combining accents", "\u{301}"),
    ("apostrophes", "'"),
    ("NUL", "\0"),
];

const WORDS: &str = "silk iron wood rubber ceramic children women electric kitchen garden toy sport bag shoe shirt dress coat hat glove belt lamp chair table bed box bottle cup plate knife fork spoon pan pot brush soap oil tea coffee sugar salt rice bread cheese milk meat fish fruit nut seed flower tree";
