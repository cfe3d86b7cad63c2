//! The grammar of rates, by its texts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test says so")]

use super::super::words::PERS;
use super::*;
use tidewaiter::record::grammar;

fn rate(text: &str) -> Rate {
    read(text).unwrap_or_else(|error| panic!("{text}: {error}")).unwrap()
}

#[test]
fn amounts_are_those_of_the_text() {
    for (text, amount) in [
        ("Free", "0 %"),
        ("6.5% ", "6.5 %"),
        ("33 1/3%", "33.333333333333 %"),
        ("1.4¢/kg + 5%", "0.014 USD per kg + 5 %"),
        ("15.4¢/kg +52%", "0.154 USD per kg + 52 %"),
        ("$1.646/kg", "1.646 USD per kg"),
        ("4.5¢/ liter", "0.045 USD per l"),
        ("23.7¢/pf.liter", "0.237 USD per proof l"),
        ("3.1¢/liter + 22.1¢/pf. liter on ethyl alcohol content", "0.031 USD per l + 0.221 USD per proof l"),
        ("22¢/kg on drained weight+45%", "0.22 USD per kg drained + 45 %"),
        ("5¢/kg on contents and container", "0.05 USD per kg with container"),
        ("$1.32/t, including weight of container", "1.32 USD per t with container"),
        ("0.7¢/kg on copper content + 0.7¢/kg on lead content", "0.007 USD per kg copper + 0.007 USD per kg lead"),
        ("38.4¢/1000", "0.384 USD per 1000 items"),
        ("$1/1,000 pins + 35%", "1 USD per 1000 items + 35 %"),
        ("$2.50/thou- sand + 40%", "2.5 USD per 1000 items + 40 %"),
        ("86.1¢/m2of recording surface", "0.861 USD per m2 recording surface"),
        ("0.3¢/line/ gross + 4.6%", "0.003 USD per button line 12 dozen + 4.6 %"),
        ("20¢/gross of immediate containers", "0.2 USD per 12 dozen containers"),
        ("36¢ each + 5.6% + 2¢/jewel", "0.36 USD per item + 5.6 % + 0.02 USD per jewel"),
        ("13.5¢/kg + 6.3% + 1.9¢/article", "0.135 USD per kg + 6.3 % + 0.019 USD per item"),
        ("6.5% on the entire set", "6.5 %"),
        ("3 percent of the fair retail value", "0.03 USD per retail price"),
        ("37% /", "37 %"),
        ("The duty provided in the applicable subheading + 25%.", "25 %"),
        ("The duty provided inthe applicable subheading+ 25%", "25 %"),
        ("The duty provided for in the applicable subheading", "0 %"),
        ("No additional duty", "0 %"),
    ] {
        let rate = rate(text);
        let said = rate.amount().unwrap_or_else(|| panic!("{text}"));
        assert_eq!(said, amount, "{text}");
        assert_eq!(grammar::amount(&said).unwrap().to_string(), amount, "{text}");
        assert_eq!(rate.verdict(), None);
    }
}

#[test]
fn sugar_pays_less_for_each_degree_under_a_hundred() {
    let text = "3.6606¢/kg less 0.020668¢/kg for each degree under 100 degrees (and fractions of a degree in proportion) but not less than 3.143854¢/kg";
    let said = rate(text).amount().unwrap();
    assert_eq!(
        said,
        "max(0.03143854 USD per kg, 0.036606 USD per kg - 0.020668 USD per kg + 0.00020668 USD per kg sugar degree)"
    );
    assert_eq!(grammar::amount(&said).unwrap().to_string(), said);
}

#[test]
fn what_has_no_number_of_the_goods_says_why() {
    for (text, verdict) in [
        ("51¢ each + 6.25% on the case and strap, band or bracelet + 5.3% on the battery", Verdict::FormalEntry),
        ("$2.70 each + 45% on the case + 35% on thebattery", Verdict::FormalEntry),
        ("43¢ each + 2.8¢/jewel over 7 + 3.7% on the case", Verdict::FormalEntry),
        ("2.5% on the value of the lead content", Verdict::FormalEntry),
        ("The rate applicable to the natural juice in heading 2009", Verdict::Unknown),
        (
            "The rate of duty appli- cable to that article in the set subject to the high- est rate of duty",
            Verdict::FormalEntry,
        ),
        ("See additional U.S. note 3", Verdict::Unknown),
        ("Free, under bond, as prescribed in U.S. note 1 to this subchapter", Verdict::FormalEntry),
        ("The duty rate provided in such subheading minus 2.0%", Verdict::FormalEntry),
        (
            "A duty upon the value of the repairs oralterations (see U.S. note 3 of this subchapter)",
            Verdict::FormalEntry,
        ),
        (
            "The duty provided in the applicable subheading + a duty of 50% upon the value of the steel content.",
            Verdict::FormalEntry,
        ),
        ("No change", Verdict::Unknown),
    ] {
        let rate = rate(text);
        assert_eq!(rate.amount(), None, "{text}");
        let (found, says) = rate.verdict().unwrap();
        assert_eq!(found, verdict, "{text}");
        assert!(says.contains(&rate.to_string()), "{says}");
        assert_eq!(read(&rate.to_string()).unwrap(), Some(rate), "{text}");
    }
}

#[test]
fn special_columns_name_their_programmes() {
    let groups =
        read_special("Free (BH,CL) 3.5¢/kg + 0.2% (CO,PA) See 9822.04.25 (AU) See 9823.08.01-9823.08.38 (S+)").unwrap();
    let said: Vec<(String, String)> =
        groups.iter().map(|group| (group.rate.to_string(), group.symbols.join(","))).collect();
    assert_eq!(
        said,
        [
            ("Free".into(), "BH,CL".into()),
            ("3.5¢/kg + 0.2%".into(), "CO,PA".into()),
            ("See 9822.04.25".into(), "AU".into()),
            ("See 9823.08.01-9823.08.38".into(), "S+".to_owned()),
        ]
    );
    for (text, symbols) in [
        ("Free(A, AU)25% (KR)", &["A,AU", "KR"][..]),
        ("Free (E*, A*, A+ ,P+)", &["A*,A+,E*,P+"]),
        ("Free (D,E IL,JO)", &["D,E,IL,JO"]),
        ("Free (MA,.OM)", &["MA,OM"]),
        ("Free", &[""]),
        ("15%", &[""]),
        ("See 9919.04.50, 9919.04.57, 9919.04.67 (PA (PA)", &["PA"]),
        ("See 9919.04.10, 9919.04.12, 99.19.04.14 (PA)", &["PA"]),
        ("A duty upon the value of the repairs or alterations (see U.S. note 3 of this subchapter) (B,C,)", &["B,C"]),
        ("Free (See U.S. note 4 of this subchapter)", &[""]),
        (
            "No change (A) Free (CA,IL, MX) See U.S. note 3 to this sub- chapter (E) See U.S. note 3(e) (CO,PE)",
            &["A", "CA,IL,MX", "E", "CO,PE"],
        ),
    ] {
        let groups = read_special(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let found: Vec<String> = groups.iter().map(|group| group.symbols.join(",")).collect();
        assert_eq!(found, symbols, "{text}");
    }
}

#[test]
fn nothing_is_guessed() {
    for text in [
        "5",
        "5 %%",
        "5% + ",
        "about 5%",
        "5¢",
        "5¢/furlong",
        "5.5.5%",
        "1,00%",
        "5% 6%",
        "Free!",
        "Freed",
        "$/kg",
        "33 1/0%",
        "The duty provided in the applicable subheading - 5%",
        "The duty provided in the applicable subheading + 5¢/kg",
        "5¢/kg less 1%",
        "No changes",
        "See",
        "See 12345",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
    for text in
        ["Free (ZZ)", "Free (A", "Free (A))", "Free (A,,B)", "Free (A (B)", "Free 5%", "Free (A) 5%", "Free ()", "(A)"]
    {
        assert!(read_special(text).is_err(), "{text}");
    }
    assert_eq!(read(""), Ok(None));
    assert_eq!(read(" : "), Ok(None));
    assert!(read(&"5".repeat(5000)).is_err());
}

#[test]
fn every_unit_is_known() {
    for per in PERS.iter().filter_map(|per| per.unit) {
        assert_eq!(tidewaiter::unit::find(per).map(|unit| unit.key), Some(per));
    }
}
