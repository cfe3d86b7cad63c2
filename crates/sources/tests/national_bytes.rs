//! The fuzz targets of national tariffs, over small files and fixed mutations of them: nothing panics.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

#[allow(unreachable_pub, reason = "shared with the fuzz crate")]
#[path = "../../../fuzz/src/national.rs"]
mod national;

const SEEDS: [&str; 12] = [
    "code,duty,origin,from,before\n6109.10,12 %,CN,2026-01-01,2027-01-01\n01,\"max(5 %, 1 EUR per kg)\",,,\n",
    "hs_code,heading,heading_description,group_path,description,unit,duty_saarc,duty_general,ldc_rate,source_page\n0101.21.00,01.01,Live,Horses,Pure,nos,6,10,,1\n",
    "HSNCode,Description,CGST_Rate,SGST_Rate,IGST_Rate,CESS_Rate\n01,LIVE,0.0,0.0,0.0,0.0\n",
    "TARIFF,EFF_DATE,CHANGE,SUB_CHAP,DESC1,DESC2,DESC3,FOOTNOTE,UOM,MFN,AUT,NZT,CCCT,LDCT,GPT,UST,MXT,CIAT,CT,CRT,IT,NT,SLT,PT,COLT,JT,PAT,HNT,KRT,CEUT,CPTPT,UKT,row_id,UAT,General Tariff,CPUKT\n0105.11.22,09/01/26 00:00:00,1,,Over,,,,,238 % but not less than 30.8 ¢each,,,,,,,,,,,,,,,,,,,,,,,26886,,35 %,N/A\n",
    "hs6,origin,cn_codes,duty_min,duty_max,basis,anti_dumping_possible,additional_duty\n0102.29,ALL (MFN),12,0 %,10.2 % + 93.1 EUR / 100 kg,mfn,,\n",
    "[{\"number\":\"I\",\"title\":\"\",\"notes\":\"\",\"chapters\":[{\"number\":1,\"title\":\"C\",\"notes\":\"\",\"headings\":[{\"code\":\"0101\",\"description\":\"\",\"classifications\":[{\"referenceNumber\":\"\u{200b}0709.52.00\",\"statisticalCode\":\"20\",\"unit\":\"kg\",\"description\":\"-- B\",\"dutyRate\":\"5%, and $107.99/L of alcohol DCS4% From1July20183.75%\",\"tcoReferences\":[]}]}]}]}]",
    "{\"S\":[{\"schedule\":\"S\",\"ftaName\":\"CPTPP\",\"hsCode\":\"0406.10.00\",\"description\":\"0406.10.00 (Rate No. 002) United Kingdom&#58;\",\"dutyRate\":\"From 24 December 2024&#58; $0.998/kg\"}]}",
    "id,code,exception,name,tax_ipi_id:id,tax_ii_id:id,uoe_id:id,active\na,6109.10.00,,C,i,t,,True\n\0id,name,tax_base_type,percent_amount,percent_reduction,tax_group_id:id,cst_in_id:id,cst_out_id:id,value_amount,currency_id:id,uot_id:id,percent_debit_credit,icms_base_type,icmsst_base_type,icmsst_mva_percent,icmsst_value\nt,II,percent,35.00,0.00,tax_group_ii,,,,,,,0,4,,\ni,IPI,percent,3.25,0.00,tax_group_ipi,,,,,,,0,4,,\n",
    "code;description;unit_id\n01012100;Horses;intrastat_unit_pce\n\0\"Combined Nomenclature code\", \"Chemical Abstracts Service reference number\", \"Name\"\n\"2933\u{a0}59\u{a0}95\", \"136470-78-5\", \"abacavir\"\n",
    "SID,Commodity code,Product line suffix,Start date,End date,Indentation,End line,Description\n1,0101210000,80,01/01/2012,31/12/2021,2,1,Pure\n\0geogr_area_id,lang_cod,sigl,descr,country_code,iso_code,country\n1003,EN,EX,E,AD,AD,Andorra\n",
    "{\"more\":false,\"classCode\":\"H6\",\"className\":\"HS2022\",\"results\":[{\"id\":\"01\",\"text\":\"01 - Animals\",\"parent\":\"TOTAL\"}]}",
    "section,hscode,description,parent,level\nI,01,Live,TOTAL,2\n",
];

const TARGETS: [fn(&[u8]); 10] = [
    national::hs,
    national::hs_tariff,
    national::np_tariff,
    national::in_hsn,
    national::ca_tariff,
    national::eu_origin_sample,
    national::au_tariff,
    national::br_ncm,
    national::eu_nomenclature,
    national::uk_tables,
];

#[test]
fn nothing_panics() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |n: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % n.max(1) as u64).unwrap()
    };
    for seed in SEEDS {
        for target in TARGETS {
            target(seed.as_bytes());
            for _ in 0..150 {
                let mut bytes = seed.as_bytes().to_vec();
                for _ in 0..=next(3) {
                    let at = next(bytes.len());
                    match next(4) {
                        0 => bytes[at] = next(256) as u8,
                        1 => bytes.truncate(at),
                        2 => {
                            let piece = bytes[at..(at + next(20)).min(bytes.len())].to_vec();
                            bytes.splice(at..at, piece);
                        }
                        _ => bytes.insert(at, b"0.,%$/;\"\n\0A-"[next(12)]),
                    }
                    if bytes.is_empty() {
                        break;
                    }
                }
                target(&bytes);
            }
        }
    }
}
