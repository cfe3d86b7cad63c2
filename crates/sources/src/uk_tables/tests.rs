use super::*;
use crate::Limits;
use tidewaiter::record::Verdict;

fn read(files: &[(&str, String)]) -> Result<(Account, Vec<Entry>), ImportError> {
    let sources = files
        .iter()
        .map(|(name, text)| Source::new(name, std::io::Cursor::new(text.clone().into_bytes()), Limits::default()))
        .collect::<Result<_, _>>()?;
    let (mut account, mut out) = (Account::default(), Vec::new());
    let options = Options { known_from: Date::constant(2021, 10, 19), nomenclature: "UK".into(), accept_rest: false };
    import(sources, &options, &mut out, &mut account)?;
    Ok((account, out))
}

#[test]
fn commodity_list_and_areas() {
    let list = format!(
        "{}\n1,\"0101210000\",\"80\",\"01/01/2012\",\"31/12/2021\",2,1,\"Pure\"\n2,01012,80,01/01/2012,,2,1,x\n\
         3,0101210000,80,1/1/2012,,2,1,x\n4,0101210000,80,01/01/2012,,2,1,x\n5,0101290000,80,01/01/2012,,2,2,x\nbroken\n",
        COMMODITIES.join(",")
    );
    let (account, out) = read(&[("c.csv", list)]).unwrap();
    assert_eq!((account.read["line"], account.made["line"], account.refused), (6, 1, 5));
    assert!(matches!(&out[1], Entry::Line(l) if l.before == Some(Date::constant(2022, 1, 1)) && l.declarable));
    let list = format!(
        "{}\n1003,EN,EX,Erga omnes,AD,AD,Andorra\n1003,EN,EX,Erga omnes,AE,AE,x\n1003,EN,EX,Erga omnes,AE,AE,x\n1003,FR,EX,a,AF,AF,x\n",
        AREAS.join(",")
    );
    let (account, out) = read(&[("g.csv", list)]).unwrap();
    assert_eq!((account.made["area"], account.refused), (1, 2));
    assert!(matches!(&out[1], Entry::Area(a) if a.members.len() == 2));
}

#[test]
fn the_draft_is_not_law() {
    let measures = format!(
        "{}\n7,103,1011,0101210000,13/04/2019,,1,M1,,,f,400,9,,,,,\n8,999,1011,0101210000,13/04/2019,,1,M1,,,f,400,9,,,,,\n",
        MEASURES.join(",")
    );
    let components =
        format!("{}\n7,0101210000,01,12,,,\n7,0101210000,04,93.1,EUR,DTN,\n7,x,01,1,,,\n", COMPONENTS.join(","));
    let (account, out) = read(&[("m.csv", measures), ("c.csv", components.clone())]).unwrap();
    assert_eq!((account.made["measure"], account.refused), (1, 2));
    assert!(matches!(&out[0], Entry::Fact(f) if f.confidence == Confidence::Low));
    assert!(
        matches!(&out[1], Entry::Measure(m) if m.outcome == Some(Verdict::Unknown) && m.amount.is_none() && m.official.as_ref().unwrap().components.len() == 2)
    );
    let (account, _) = read(&[("c.csv", components)]).unwrap();
    assert_eq!((account.read["component"], account.refused), (3, 3));
    assert!(read(&[("x.csv", "a,b\n".into())]).is_err());
    assert!(read(&[]).is_err());
}
