#![allow(warnings)]
mod sets;
use sets::*;
fn main() {
    let folder = std::path::Path::new("../shared/data/hs-classification");
    let mut cases = own();
    cases.extend(official(folder));
    let v = vague(folder);
    let f = finders(&cases, &v);
    let mk = |t: &str, n: &str| Case { set: n.into(), text: t.into(), codes: vec![] };
    cases.extend(v.iter().map(|t| mk(t, "uk-vague")));
    for file in ["vague", "good"] {
        let text = std::fs::read_to_string(
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/sets/{file}.toml")),
        )
        .unwrap();
        let table: toml::Table = toml::from_str(&text).unwrap();
        cases.extend(
            table["product"]
                .as_array()
                .unwrap()
                .iter()
                .map(|p| mk(p["text"].as_str().unwrap(), &format!("own-{file}"))),
        );
    }
    for c in &cases {
        let a = f[part(&c.text) as usize].find(&c.text, 50);
        let d = a.doubt;
        println!(
            "{}",
            serde_json::json!({"set": c.set, "text": c.text, "codes": c.codes, "fold": part(&c.text), "vague": a.vague, "d": [d.too_little, d.fit, d.first, d.known, d.words], "found": a.codes.iter().map(|x| (x.code.clone(), (x.probability*1e5).round()/1e5)).collect::<Vec<_>>()})
        );
    }
}
