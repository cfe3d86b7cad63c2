use super::*;

fn said(rule: &str) -> Option<String> {
    read(rule).map(|reading| reading.to_string())
}

#[test]
fn reads_the_usual_rules() {
    for (rule, reads) in [
        ("Manufacture from materials of any heading, except that of the product.", "CTH"),
        (
            "Manufacture in which the value of all the materials used does not exceed **40%** of the ex-works price of the product.",
            "MaxNOM 40 %",
        ),
        (
            "Manufacture in which all the materials used are classified within a heading other than that of the product. However, materials classified within the same heading may be used provided their value does not exceed **20%** of the ex‐works price of the product.",
            "CTH (same heading up to 20 %)",
        ),
        (
            "Manufacture:\n\n- from materials of any heading, except that of the product, *and*\n\n- in which the value of all the materials of [chapter&nbsp;17](/chapters/17) used does not exceed **30%** of the ex-works price of the product.",
            "CTH and MaxNOM 30 % of 17",
        ),
        (
            "<abbr title='Change of tariff subheading'>CTSH</abbr>: All non-originating materials used in the production of the good have undergone a change in tariff classification at the 6-digit level (tariff subheading) and Standard QVC.",
            "CTSH and QVC standard",
        ),
        (
            "A maximum of **50%** of the ex-works price (EXW) is made up of non-originating parts (MAXNOM).",
            "MaxNOM 50 %",
        ),
        (
            "The maximum value of non-originating materials (MaxNOM) cannot exceed **75%**.",
            "MaxNOM 75 % (of a value not stated)",
        ),
        (
            "Your goods contain a Regional Value Content (RVC) of at least **55%** of the Free on Board (FOB) cost of the goods.",
            "RVC 55 % (of the FOB value)",
        ),
        (
            "The good has a Regional Value Content (RVC) as calculated under Article 4 of the Origin Reference Document of not less than 40%, whether using the build-up method or build-down method (RVC40).",
            "RVC 40 % (build-up or build-down)",
        ),
        (
            "Manufacture from materials of any heading, except those of [heading&nbsp;4909](/headings/4909) and [heading&nbsp;4911](/headings/4911).",
            "any heading except 4909 4911",
        ),
        (
            "Manufacture from materials of any heading, except [heading&nbsp;4104](/headings/4104) to [heading&nbsp;4113](/headings/4113).",
            "any heading except 4104-4113",
        ),
        (
            "Manufacture in which all the materials of [chapter&nbsp;2](/chapters/02) and [chapter&nbsp;3](/chapters/03) used are wholly obtained.",
            "WO of 02 03",
        ),
        (
            "Manufacture in which:\n\n- the value of all the materials used does not exceed **40%** of the ex-works price of the product, *and*\n\n- within the above limit, the value of all the materials of the same heading as the product used does not exceed **25%** of the ex-works price of the product.",
            "MaxNOM 40 % and MaxNOM 25 % of the same heading",
        ),
        (
            "Manufacture in which:\n\n- the value of all the materials used does not exceed **40%** of the ex-works price of the product, *and*\n\n- the value of all the non-originating materials used does not exceed the value of all the originating materials used.",
            "MaxNOM 40 % and NOM <= OM",
        ),
        ("All goods must be wholly obtained.", "WO"),
        ("A change from any other heading.", "CTH"),
        (
            "Manufacture from materials of any heading, except that of the good or Manufacture in which the value of all the materials used does not exceed **70%** of the ex-works price of the good.",
            "CTH or MaxNOM 70 %",
        ),
        (
            "Manufacture from materials of any heading. However, the value of all the materials of [heading&nbsp;2909](/headings/2909) used must not exceed **20%** of the ex-works price of the product.",
            "any heading and MaxNOM 20 % of 2909",
        ),
        (
            "Manufacture from materials of any heading, including other materials of [heading&nbsp;3505](/headings/3505).",
            "any heading",
        ),
        ("Manufacture from materials of any subheading, except that of the good.", "CTSH"),
        ("Manufacture from ingots or other primary forms of [heading&nbsp;7206](/headings/7206).", ""),
    ] {
        assert_eq!(said(rule).unwrap_or_default(), reads, "{rule}");
    }
}

#[test]
fn a_word_more_keeps_the_rule_text() {
    for rule in [
        "Manufacture from yarn.",
        "A maximum of **45%** of the ex-works price (EXW) is made up of non-originating parts (MAXNOM) and battery packs must be originating.",
        "Manufacture from materials of any heading, except that of the product. However, handles of base metal may be used.",
        "Manufacture in which the value of all the materials used does not exceed 40% of the weight of the product.",
        "- b) **40%** under the build-down method.",
        "A change from any other heading within chapter 3.",
        "Manufacture",
        "",
        "Manufacture:",
        "%",
    ] {
        assert_eq!(said(rule), None, "{rule}");
    }
}

#[test]
fn a_period_at_the_end_is_the_rules_own() {
    use jiff::civil::date;
    let of = |rule: &str| period(rule).map(|(from, before, _)| (from, before));
    assert_eq!(of("CTSH (until 31 December 2023)."), Some((None, Some(date(2024, 1, 1)))));
    assert_eq!(
        of("A maximum of **55%** **(1st Jan 2021 to 31st Dec 2022)**."),
        Some((Some(date(2021, 1, 1)), Some(date(2023, 1, 1))))
    );
    assert_eq!(of("A maximum of **45%** **(1st Jan 2026 onwards)**."), Some((Some(date(2026, 1, 1)), None)));
    assert_eq!(
        of("CTSH (*for the period from 14 April 2021 until 31 December 2026*)."),
        Some((Some(date(2021, 4, 14)), Some(date(2027, 1, 1))))
    );
    for rule in [
        "One rule.\n\nAnother (until 31 December 2023).",
        "Knitting (including cutting).",
        "(until 31 Juvember 2023)",
        "(until 32 May 2023)",
        ")",
        "(",
    ] {
        assert_eq!(of(rule), None, "{rule}");
    }
}

#[test]
fn takes_markup_away_and_keeps_the_words() {
    assert_eq!(
        plain("<abbr title='x'>CTH</abbr>: a **b** [heading&nbsp;7001](/headings/7001)<br>end < 5 [open"),
        "CTH: a b heading 7001\nend < 5 [open"
    );
    for text in ["<", "[", "[a](", "<é".repeat(500).as_str(), "[".repeat(100_000).as_str()] {
        assert_eq!(plain(text), text);
    }
}
