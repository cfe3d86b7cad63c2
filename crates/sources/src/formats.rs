//! All formats by name, with what each must be told: one door for the command line and for services.

use crate::{
    Account, ImportError, Sink, Source, au_tariff, br_ncm, ca_tariff, ecb, eu_nomenclature, eu_origin_sample,
    hmrc_rates, hs, hs_tariff, in_hsn, np_tariff, sheet, taric3, uk_api, uk_origin, uk_reference, uk_tables, us_hts,
    us_origin, wb_agreements,
};
use jiff::civil::Date;
use tidewaiter::ratebook::compile::World;
use tidewaiter::record::edition::Edition;

/// A format that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    /// Its name.
    pub name: &'static str,
    /// What it is, and whose.
    pub what: &'static str,
    /// Which files to give.
    pub files: &'static str,
    /// Whether several files make one edition.
    pub several: bool,
    /// Whether the good rows of a dirty file may be kept ([`Settings::accept_rest`]).
    pub keeps_rest: bool,
}

impl Format {
    const fn or_its_rest(self) -> Self {
        Self { keeps_rest: true, ..self }
    }
}

const fn one(name: &'static str, what: &'static str, files: &'static str) -> Format {
    Format { name, what, files, several: false, keeps_rest: false }
}

const fn many(name: &'static str, what: &'static str, files: &'static str) -> Format {
    Format { name, what, files, several: true, keeps_rest: false }
}

/// Every format.
pub const FORMATS: &[Format] = &[
    many("us-hts", "US tariff schedule (USITC)", "JSON exports of one or more revisions, and revision_dates.csv"),
    many("us-origin", "US rules of origin (CBP, FTC)", "JSON of 19 CFR 102, 134 and 16 CFR 323"),
    many(
        "uk-api",
        "UK Trade Tariff API, Great Britain and Northern Ireland (HMRC)",
        "JSON:API responses of one service and day",
    ),
    many("uk-origin", "UK schemes and rules of origin (HMRC)", "scheme lists first, then rule sets"),
    many("uk-reference", "UK lists beside the tariff (HMRC)", "units, preference codes, documents, seasons, VAT"),
    many("uk-tables", "UK commodity lists and areas (HMRC, DIT)", "CSV, XLSX").or_its_rest(),
    many("taric3", "EU TARIC transmissions (European Commission)", "TARIC3 XML, in the order of their numbers"),
    many("uk-cds", "UK tariff extracts (HMRC CDS)", "daily extracts, in the order of their days"),
    many("eu-nomenclature", "CN and TARIC nomenclature (European Commission)", "XLSX, XLS or CSV, one a language")
        .or_its_rest(),
    one("eu-origin", "EU duty by origin (UK XI service)", "CSV").or_its_rest(),
    many("br-ncm", "Mercosur nomenclature with Brazilian taxes (Receita Federal)", "CSV tables"),
    many("au-tariff", "Australian working tariff (ABF), as collected", "JSON of schedule 3, schedule 1, agreements")
        .or_its_rest(),
    one("ca-tariff", "Canadian customs tariff (CBSA), table TPHS", "CSV").or_its_rest(),
    one("np-tariff", "Nepalese customs tariff", "CSV").or_its_rest(),
    one("in-hsn", "Indian HSN nomenclature (CBIC)", "CSV").or_its_rest(),
    one("hs", "Harmonized System lists and correlations (WCO, UN)", "CSV, JSON or XLSX"),
    one("hs-tariff", "our plain tariff file: code, duty", "CSV; needs --territory, --currency and --authority"),
    many("sheet", "our rate sheet, for an administration that has a spreadsheet", "XLSX, or a ZIP of CSV sheets"),
    one("ecb", "euro reference rates (ECB)", "ZIP, CSV or XML"),
    many("hmrc-rates", "HMRC exchange rates", "monthly, spot and average CSV"),
    one("wb-agreements", "trade agreements (World Bank)", "CSV"),
];

/// What an import may be told besides its files.
#[derive(Debug, Clone, Default)]
pub struct Settings<'w> {
    /// First day on which the files were published.
    pub published: Option<Date>,
    /// Keep the good rows of a dirty file.
    pub accept_rest: bool,
    /// Territory, for formats that do not name it.
    pub territory: Option<String>,
    /// ISO 4217 code, likewise.
    pub currency: Option<String>,
    /// Who published it, likewise.
    pub authority: Option<String>,
    /// Nomenclature of the codes, likewise: `HS 2022`.
    pub nomenclature: Option<String>,
    /// First days of single files, by name without endings.
    pub dates: Vec<(String, Date)>,
    /// Territories and currencies that exist, for formats whose authors type them.
    pub world: Option<&'w World>,
}

/// What came of an import.
#[derive(Debug)]
pub struct Imported {
    /// The head of the edition.
    pub edition: Edition,
    /// What its author should look at.
    pub warnings: Vec<String>,
    /// An economy file, where the format holds one (the rate sheet).
    pub economy: Option<String>,
}

/// A territory's code, or what to say where the world has none of it.
fn known(code: String, world: Option<&World>) -> Result<String, String> {
    let all = world.map(|world| world.territories.territory.as_slice()).unwrap_or_default();
    if world.is_none() || all.iter().any(|territory| territory.code == code) {
        return Ok(code);
    }
    let meant = all.iter().find(|t| sheet::initials(&t.name) == code || t.name.eq_ignore_ascii_case(&code));
    let help = meant.map(|t| format!("; did you mean {} ({})?", t.code, t.name)).unwrap_or_default();
    Err(format!("--territory {code} is not a territory known here{help}"))
}

/// The format of a name.
pub fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// Imports files of a format. Where the account is not clean, the records must not be used.
///
/// # Errors
/// As the format's own module; and [`ImportError::NotThisFormat`] for an unknown format, for too many files, or where a
/// setting is lacking.
pub fn import(
    name: &str,
    mut sources: Vec<Source>,
    settings: &Settings<'_>,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Imported, ImportError> {
    let refuse = |reason: String| ImportError::NotThisFormat { file: name.to_owned(), reason };
    let Some(format) = find(name) else { return Err(refuse("no format has this name".into())) };
    if !format.several && sources.len() > 1 {
        return Err(refuse("this format takes one file at a time".into()));
    }
    let published = || {
        settings
            .published
            .ok_or_else(|| refuse("the file does not say when it was published: give --published 2026-01-31".into()))
    };
    let accept_rest = settings.accept_rest;
    let nomenclature = || {
        settings
            .nomenclature
            .clone()
            .ok_or_else(|| refuse("the file does not name its nomenclature: give --nomenclature \"HS 2022\"".into()))
    };
    let mut imported = Imported { edition: Edition::default(), warnings: Vec::new(), economy: None };
    let first = |sources: Vec<Source>| sources.into_iter().next().ok_or_else(|| refuse("name a file".into()));
    imported.edition = match name {
        "us-hts" => {
            let mut dates = us_hts::Dates::default();
            if let Some(at) = sources.iter().position(|s| s.name().starts_with("revision_dates")) {
                dates = us_hts::read_dates(sources.remove(at))?;
            }
            dates.extend(settings.dates.iter().cloned());
            if let (Some(day), [only]) = (settings.published, sources.as_slice()) {
                let stem = only.name().split('.').next().unwrap_or_default().to_owned();
                dates.entry(stem).or_insert(day);
            }
            us_hts::import(sources, &us_hts::Options { dates }, out, account)?
        }
        "us-origin" => us_origin::import(sources, out, account)?,
        "uk-api" => {
            let service = match settings.territory.as_deref() {
                Some("XI") => Some(uk_api::Service::Xi),
                Some("GB") => Some(uk_api::Service::Uk),
                None => None,
                Some(other) => return Err(refuse(format!("--territory {other}: the API has GB and XI"))),
            };
            uk_api::import(sources, &uk_api::Options { service, as_of: settings.published }, out, account)?
        }
        "uk-origin" => uk_origin::import(sources, &uk_origin::Options::new(published()?), out, account)?,
        "uk-reference" => {
            uk_reference::import(sources, &uk_reference::Options { published: published()? }, out, account)?
        }
        "uk-tables" => {
            let options = uk_tables::Options {
                known_from: published()?,
                nomenclature: settings.nomenclature.clone().unwrap_or_default(),
                accept_rest,
            };
            uk_tables::import(sources, &options, out, account)?
        }
        "taric3" => {
            let options = taric3::Options { known_from: Some(published()?), ..taric3::Options::european_union() };
            taric3::import(sources, &options, out, account)?
        }
        "uk-cds" => {
            let options = taric3::Options { known_from: settings.published, ..taric3::Options::united_kingdom() };
            taric3::import(sources, &options, out, account)?
        }
        "eu-nomenclature" => {
            let options = eu_nomenclature::Options {
                nomenclature: nomenclature()?,
                known_from: published()?,
                languages: Vec::new(),
                accept_rest,
            };
            eu_nomenclature::import(sources, &options, out, account)?
        }
        "eu-origin" => {
            let options = eu_origin_sample::Options { known_from: published()?, accept_rest };
            eu_origin_sample::import(first(sources)?, &options, out, account)?
        }
        "br-ncm" => br_ncm::import(sources, &br_ncm::Options { known_from: published()? }, out, account)?,
        "au-tariff" => {
            au_tariff::import(sources, &au_tariff::Options { known_from: published()?, accept_rest }, out, account)?
        }
        "ca-tariff" => {
            let options = ca_tariff::Options { known_from: published()?, members: Default::default(), accept_rest };
            ca_tariff::import(first(sources)?, &options, out, account)?
        }
        "np-tariff" => {
            let options = np_tariff::Options { known_from: published()?, from: None, accept_rest };
            np_tariff::import(first(sources)?, &options, out, account)?
        }
        "in-hsn" => {
            in_hsn::import(first(sources)?, &in_hsn::Options { known_from: published()?, accept_rest }, out, account)?
        }
        "hs" => {
            let options = hs::Options {
                known_from: published()?,
                edition: settings.nomenclature.clone().unwrap_or_else(|| "HS 2022".into()),
            };
            hs::import(first(sources)?, &options, out, account)?
        }
        "hs-tariff" => {
            let need = |value: &Option<String>, flag: &str| {
                value.clone().ok_or_else(|| refuse(format!("the file does not say it: give --{flag}")))
            };
            let options = hs_tariff::Options {
                territory: known(need(&settings.territory, "territory")?, settings.world).map_err(refuse)?,
                currency: need(&settings.currency, "currency")?,
                authority: need(&settings.authority, "authority")?,
                title: "Customs tariff".into(),
                nomenclature: settings.nomenclature.clone().unwrap_or_else(|| "HS 2022".into()),
                known_from: published()?,
            };
            hs_tariff::import(first(sources)?, &options, out, account)?
        }
        "sheet" => {
            let options = sheet::Options { world: settings.world, ..sheet::Options::default() };
            let read = sheet::read(sources, &options, account)?;
            imported.warnings = read.warnings.iter().map(ToString::to_string).collect();
            if account.is_clean() {
                match read.economy() {
                    Ok(economy) => {
                        imported.economy = sheet::economy_toml(&economy).ok();
                    }
                    Err(open) => {
                        for refusal in open {
                            account.refuse(
                                &refusal.file,
                                refusal.row,
                                &refusal.column,
                                &refusal.found,
                                refusal.expected,
                            );
                        }
                    }
                }
            }
            for entry in read.entries {
                out.take(entry).map_err(ImportError::Write)?;
            }
            read.edition
        }
        "ecb" => ecb::import(first(sources)?, out, account)?,
        "hmrc-rates" => {
            hmrc_rates::import(sources, &hmrc_rates::Options { published: settings.published }, out, account)?
        }
        "wb-agreements" => {
            wb_agreements::import(first(sources)?, &wb_agreements::Options { published: published()? }, out, account)?
        }
        _ => return Err(refuse("the format has a name but no reader".into())),
    };
    imported.warnings.extend(account.warnings.iter().cloned());
    let records: u64 = account.made.iter().filter(|(kind, _)| *kind != "fact").map(|(_, n)| n).sum();
    if account.is_clean() && records == 0 && account.left_out.is_empty() {
        return Err(refuse("the files hold no records of this format: nothing but headings, or nothing at all".into()));
    }
    Ok(imported)
}
