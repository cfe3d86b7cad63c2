//! What transmissions leave in the store.

use super::*;

#[test]
fn insert_update_delete() {
    let mut store = TaricStore::new(Completeness::Complete);
    let text = envelope("3 measurement.unit DTN 2010-01-01 -\n1 measurement.unit DTN 2010-01-01 2019-12-31");
    assert_eq!(apply(&mut store, &text), [""; 0]);
    assert_eq!(store.get("measurement.unit", &["DTN"]).unwrap().get("validity.end.date"), "2019-12-31");
    assert_eq!(apply(&mut store, &envelope("2 measurement.unit DTN 2010-01-01 2019-12-31")), [""; 0]);
    assert!(store.is_empty());
}

#[test]
fn a_broken_envelope_leaves_the_store_as_it_was() {
    let mut store = TaricStore::new(Completeness::Complete);
    apply(&mut store, &envelope("3 measurement.unit DTN 2010-01-01 -\n3 measurement.unit KGM 2010-01-01 -"));
    let before = saved(&store);
    let changes =
        "1 measurement.unit DTN 2011-01-01 -\n2 measurement.unit KGM 2010-01-01 -\n3 measurement.unit TNE 2010-01-01 -";
    // The last record is refused by the schema, by the store, by the end of the file.
    let broken = [
        envelope(&format!("{changes}\n3 measurement.unit tne 2010-01-01 -")),
        envelope(&format!("{changes}\n3 measurement.unit TNE 2010-01-01 -")),
        envelope(&format!("{changes}\n1 measurement.unit LTR 2010-01-01 -")),
    ];
    for text in &broken {
        assert_eq!(apply(&mut store, text).len(), 1);
        assert_eq!(saved(&store), before);
    }
    let text = envelope(changes);
    let cut = source(&text.as_bytes()[..text.len() - 30]);
    assert!(store.apply(cut, &options(), &mut Account::default()).is_err());
    assert_eq!(saved(&store), before);
    assert_eq!(apply(&mut store, &text), [""; 0]);
    assert_ne!(saved(&store), before);
}

fn saved(store: &TaricStore) -> String {
    let mut bytes = Vec::new();
    store.save(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn duplicate_keys_and_deleting_twice() {
    for completeness in [Completeness::Complete, Completeness::Partial] {
        let mut store = TaricStore::new(completeness);
        let twice = envelope("3 measure.action 01 2010-01-01 -\n3 measure.action 01 2011-01-01 -");
        let said = apply(&mut store, &twice);
        assert_eq!(
            said,
            [
                "t.xml, row 2, measure.action: \"01\": a key that is not there yet; it is inserted twice; transaction 7, record 355 00"
            ]
        );
        let twice =
            "3 measure.action 01 2010-01-01 -\n2 measure.action 01 2010-01-01 -\n2 measure.action 01 2010-01-01 -";
        let said = apply(&mut store, &envelope(twice));
        assert!(said[0].starts_with("t.xml, row 3, measure.action: \"01\": a record that"), "{said:?}");
        assert!(store.is_empty() && store.transmissions().is_empty());
    }
    // In a partial store a delete of what it never held is accounted, a second one refused.
    let mut store = TaricStore::new(Completeness::Partial);
    let delete = envelope("2 measure.action 01 2010-01-01 -");
    assert_eq!(apply(&mut store, &delete), [""; 0]);
    assert_eq!(apply(&mut store, &delete).len(), 1);
    assert_eq!(apply(&mut store, &envelope("3 measure.action 01 2010-01-01 -")), [""; 0]);
    assert_eq!(apply(&mut store, &delete), [""; 0]);
}

#[test]
fn numbers_are_the_same_key_however_they_are_padded() {
    let mut store = TaricStore::new(Completeness::Complete);
    let said = apply(
        &mut store,
        &envelope("3 quota.order.number 7 090001 2018-01-01 -\n3 quota.order.number 0007 090001 2018-01-01 -"),
    );
    assert_eq!(said.len(), 1);
}

#[test]
fn a_saved_store_must_be_whole() {
    let mut store = TaricStore::new(Completeness::Partial);
    apply(&mut store, &envelope("3 measure.action 01 2010-01-01 -\n2 measure.action 02 2010-01-01 -"));
    let text = saved(&store);
    assert_eq!(TaricStore::load(source(text.clone())).unwrap(), store);
    for wrong in [
        String::new(),
        text.replace("\"2010-01-01\"", "\"2010-01-01\",\"x\""),
        text.replace("measure.action\",0", "measure.action\",9"),
        text.replace("measure.action", "measure.actions"),
        text.lines().skip(1).collect(),
        format!("{text}{text}"),
        "{}".into(),
        "[[[[".into(),
    ] {
        assert!(TaricStore::load(source(wrong.clone())).is_err(), "{wrong}");
    }
}
