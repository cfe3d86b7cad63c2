//! Extracts of the Customs Declaration Service.

use super::*;

fn extract(items: &str) -> String {
    format!(
        "<n:TariffHistoryResponse xmlns:n=\"http://www.eurodyn.com/Tariff/services/DispatchDataExportXMLData/v03\">\
         <ResultsInfo><executionDate>2025-03-28T00:15:30</executionDate></ResultsInfo>{items}</n:TariffHistoryResponse>"
    )
}

fn item(entity: &str) -> String {
    format!("<TariffHistoryItem><find>{entity}</find></TariffHistoryItem>")
}

fn uk(store: &mut TaricStore, items: &str) -> Account {
    let mut account = Account::default();
    store.apply(source(extract(items)), &Options::united_kingdom(), &mut account).unwrap();
    account
}

const MEASURE: &str = "<Measure><hjid>1</hjid><metainfo><opType>OP</opType></metainfo><sid>5</sid>\
    <measureGeneratingRegulationId>C2100001</measureGeneratingRegulationId>\
    <measureGeneratingRegulationRole><regulationRoleTypeId>1</regulationRoleTypeId></measureGeneratingRegulationRole>\
    <stoppedFlag>0</stoppedFlag><validityStartDate>2025-01-01T00:00:00</validityStartDate>\
    <geographicalArea><sid>400</sid><geographicalAreaId>1011</geographicalAreaId></geographicalArea>\
    <goodsNomenclature><sid>2</sid><goodsNomenclatureItemId>0101210000</goodsNomenclatureItemId></goodsNomenclature>\
    <measureType><measureTypeId>103</measureTypeId></measureType>PARTS</Measure>";

fn part(expression: &str, amount: &str) -> String {
    format!(
        "<measureComponent><metainfo><opType>C</opType></metainfo><dutyAmount>{amount}</dutyAmount>\
         <dutyExpression><dutyExpressionId>{expression}</dutyExpressionId></dutyExpression></measureComponent>"
    )
}

#[test]
fn an_item_lists_all_parts_of_a_measure() {
    let condition = "<measureCondition><metainfo><opType>C</opType></metainfo><sid>9</sid>\
        <conditionSequenceNumber>1</conditionSequenceNumber>\
        <measureConditionCode><conditionCode>B</conditionCode></measureConditionCode>\
        <measureAction><actionCode>27</actionCode></measureAction>\
        <certificate><certificateCode>123</certificateCode><certificateType><certificateTypeCode>C</certificateTypeCode>\
        </certificateType></certificate></measureCondition>";
    let with = |op: &str, parts: &str| item(&MEASURE.replace("OP", op).replace("PARTS", parts));
    let mut store = TaricStore::new(Completeness::Complete);
    let account = uk(&mut store, &with("C", &format!("{}{}{condition}", part("01", "8"), part("04", "5"))));
    assert!(account.is_clean(), "{:?}", account.refusals);
    assert_eq!(store.len(), 4);
    let account = uk(&mut store, &with("U", &part("01", "7.5")));
    assert!(account.is_clean(), "{:?}", account.refusals);
    assert_eq!(store.len(), 2);
    assert_eq!(store.get("measure.component", &["5", "01"]).unwrap().get("duty.amount"), "7.5");
    assert_eq!(account.left_out["no longer listed under its owner: measure.component"], 1);
    assert_eq!(account.left_out["no longer listed under its owner: measure.condition"], 1);
    let mut out = Vec::new();
    let edition = store.entries(Vec::new(), &Options::united_kingdom(), &mut out, &mut Account::default()).unwrap();
    assert_eq!(edition.known_from, date(2025, 3, 28));
    assert_eq!(amount(measures(&out)[0]), "7.5 %");
    // A deleted measure takes its parts with it.
    let account = uk(&mut store, &with("D", ""));
    assert!(account.is_clean() && store.is_empty(), "{account:?}");
}

#[test]
fn a_deleted_footnote_takes_its_descriptions_with_it() {
    let footnote = |op: &str, period: &str| {
        item(&format!(
            "<Footnote><metainfo><opType>{op}</opType></metainfo><footnoteId>329</footnoteId>\
             <validityStartDate>2023-02-25T00:00:00</validityStartDate>\
             <footnoteType><footnoteTypeId>DS</footnoteTypeId></footnoteType>{period}</Footnote>"
        ))
    };
    let meta = "<metainfo><opType>C</opType></metainfo>";
    let period = format!(
        "<footnoteDescriptionPeriod>{meta}<sid>7</sid><validityStartDate>2023-02-25T00:00:00</validityStartDate>\
         <footnoteDescription>{meta}<description>Text</description><language><languageId>EN</languageId></language>\
         </footnoteDescription></footnoteDescriptionPeriod>"
    );
    let mut store = TaricStore::new(Completeness::Complete);
    assert!(uk(&mut store, &footnote("C", &period)).is_clean());
    assert_eq!(store.len(), 3);
    // An update without them leaves them: only a measure lists all its parts.
    assert!(uk(&mut store, &footnote("U", "")).is_clean());
    assert_eq!(store.len(), 3);
    assert!(uk(&mut store, &footnote("D", "")).is_clean());
    assert!(store.is_empty());
}

#[test]
fn what_an_extract_may_not_hold() {
    let good = MEASURE.replace("OP", "C");
    for (entity, column) in [
        (
            good.replace("PARTS", "<measureSong><metainfo><opType>C</opType></metainfo></measureSong>"),
            "Measure/measureSong",
        ),
        (good.replace("PARTS", "").replace("<opType>C</opType>", "<opType>X</opType>"), "opType"),
        (good.replace("PARTS", "").replace("<sid>5</sid>", ""), "sid"),
        (good.replace("PARTS", "").replace("<sid>5</sid>", "<sid>five</sid>"), "sid"),
        (good.replace("PARTS", "").replace("2025-01-01T", "2025-01-32T"), "validityStartDate"),
        (good.replace("PARTS", &part("01", "8,5")), "dutyAmount"),
        ("<Song/>".into(), "Song"),
    ] {
        let mut store = TaricStore::new(Completeness::Complete);
        let account = uk(&mut store, &item(&entity));
        assert_eq!(account.refusals.first().map(|refusal| refusal.column.as_str()), Some(column), "{entity}");
        assert!(store.is_empty());
    }
    let mut store = TaricStore::new(Completeness::Complete);
    let account = uk(&mut store, &item(&good.replace("PARTS", "<tune>la</tune>")));
    assert!(account.is_clean());
    assert_eq!(account.left_out["a field that TARIC3 does not have: Measure/tune"], 1);
}

#[test]
fn memberships_name_their_member_by_another_number() {
    let area = |hjid: &str, sid: &str, id: &str, code: &str, more: &str| {
        item(&format!(
            "<GeographicalArea><hjid>{hjid}</hjid><metainfo><opType>C</opType></metainfo><sid>{sid}</sid>\
             <geographicalAreaId>{id}</geographicalAreaId><geographicalCode>{code}</geographicalCode>\
             <validityStartDate>2021-01-01T00:00:00</validityStartDate>{more}</GeographicalArea>"
        ))
    };
    let membership = "<geographicalAreaMembership><hjid>3</hjid><metainfo><opType>C</opType></metainfo>\
        <geographicalAreaGroupSid>23501</geographicalAreaGroupSid>\
        <validityStartDate>2021-01-01T00:00:00</validityStartDate></geographicalAreaMembership>";
    let mut store = TaricStore::new(Completeness::Complete);
    let items = format!("{}{}", area("23501", "11", "KE", "0", ""), area("23540", "68", "2020", "1", membership));
    let account = uk(&mut store, &items);
    assert!(account.is_clean(), "{:?}", account.refusals);
    assert!(store.get("geographical.area.membership", &["11", "68", "2021-01-01"]).is_some());
    let mut store = TaricStore::new(Completeness::Complete);
    assert_eq!(uk(&mut store, &area("23540", "68", "2020", "1", membership)).refused, 1);
}
