//! The operator's and the officer's day as they type it: against a repository in a folder and its service on loopback.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::office;
use office::{Office, copy, edition, guide};
use std::process::{Command, Stdio};

#[test]
fn officers_are_told_what_is_wrong_and_what_comes_next() {
    let mut office = Office::new("officers");
    let admitted = office.admit("officer.pem");
    let next = "Next: a token for each of its officers: tidewaiter repository token repo --for NAME --role officer --authority qq";
    assert!(admitted.contains(next), "{admitted}");
    office.serve();
    let first = office.send("q-1.xlsx", &["--receipt", "receipt.json"]);
    let second = office.send("q-2.xlsx", &[]);
    // Both would be edition 1: each is named by its hash.
    let two = office.refused(&["publish", "show", "qq/1", "--token", "token"]);
    assert!(two.contains("there are 2 drafts of qq/1"), "{two}");
    assert!(two.contains(&edition(&first)) && two.contains(&edition(&second)), "{two}");
    // A key is named as its holder knows it and as the metadata do.
    let stranger: serde_json::Value =
        serde_json::from_str(&office.done(&["key", "show", "stranger.pem", "--json"])).unwrap();
    let (public, id) = (stranger["public"].as_str().unwrap(), stranger["id"].as_str().unwrap());
    let hash = edition(&first);
    let wrong = office.refused(&["publish", "approve", &hash, "--key", "stranger.pem", "--token", "token"]);
    assert!(wrong.contains(&format!("the key {public} (ID {id}) does not speak for qq")), "{wrong}");
    // Another sheet than the one that was sent: nothing is signed.
    let (sheet, data) = (guide().join("q-2.xlsx"), guide().join("data"));
    let (sheet, data) = (sheet.to_str().unwrap(), data.to_str().unwrap());
    let approve = ["publish", "approve", &hash, "--key", "officer.pem", "--token", "token", "--sheet"];
    let other = office.refused(&[&approve[..], &[sheet, "--data", data]].concat());
    assert!(other.contains("the sheet does not make this edition"), "{other}");
    let show = office.done(&["publish", "show", &hash, "--token", "token"]);
    assert!(show.contains("Signatures 0 of 1"), "{show}");
    let sheet = guide().join("q-1.xlsx");
    let signed = office.done(&[&approve[..], &[sheet.to_str().unwrap(), "--data", data]].concat());
    assert!(signed.contains("your file makes the same edition") && signed.contains("State published"), "{signed}");

    let good = office.done(&["repository", "audit", "repo", "--receipt", "receipt.json"]);
    assert!(good.contains("The receipt is good.") && good.contains("the chain is whole up to it"), "{good}");
    let text = std::fs::read_to_string(office.folder.join("receipt.json")).unwrap();
    let mut receipt: serde_json::Value = serde_json::from_str(&text).unwrap();
    receipt["payload"] = "e30=".into();
    std::fs::write(office.folder.join("forged.json"), receipt.to_string()).unwrap();
    let forged = office.refused(&["repository", "audit", "repo", "--receipt", "forged.json"]);
    assert!(forged.contains("no key of this repository signed the receipt"), "{forged}");

    let changed = office.admit("stranger.pem");
    assert!(changed.contains("tidewaiter publish renew qq --key KEY"), "{changed}");
}

/// A large file is sent piece by piece, so that a bar can show how far it is; it must arrive whole.
#[test]
fn a_large_file_arrives_whole() {
    let mut office = Office::new("large");
    office.admit("officer.pem");
    office.serve();
    let head = r#"{"edition":{"authority":"x","territory":"QQ","currency":"XQD","title":"T","format":"edition","nomenclature":"HS 2022","known_from":"2026-11-22","licence":"Free to use"}}"#;
    let lines = "{}\n".repeat(400_000);
    std::fs::write(office.folder.join("large.ndjson"), format!("{head}\n{lines}")).unwrap();
    let send = ["publish", "send", "large.ndjson", "--authority", "qq", "--token", "token"];
    let refused = office.refused(&send);
    // Each row after the head is no record, to the last one.
    assert!(refused.contains("400000 of its rows are wrong"), "{refused}");
    assert!(refused.contains("large.ndjson, row 2"), "{refused}");
}

#[test]
fn a_dismissed_authority_leaves_readers_and_the_board_says_so() {
    let mut office = Office::new("dismiss");
    office.admit("officer.pem");
    let own = office.done(&["key", "show", "stranger.pem"]);
    let admit = ["repository", "admit", "repo", "--authority", "unofficial", "--name", "Own data", "--signatures", "1"];
    office.done(&[&admit[..], &["--officer", &own, "--key", "holder.pem"]].concat());
    office.done(&["repository", "publish-data", "repo", "--key", "stranger.pem"]);
    office.serve();
    let hash = edition(&office.send("q-1.xlsx", &[]));
    let board = office.done(&["repository", "board", "repo"]);
    let waits = format!("qq/1 ({})", &hash[..12]);
    assert!(board.contains("Drafts on their way") && board.contains(&waits), "{board}");
    assert!(board.contains("1 signature of an officer of qq"), "{board}");
    office.done(&["publish", "approve", &hash, "--key", "officer.pem", "--token", "token"]);
    let sync = |more: &[&str]| office.done(&[&["sync", "repo/public"], more].concat());
    assert!(sync(&["--root", "repo/public/metadata/1.root.json"]).contains("qq 1 fresh"));
    let quote = ["quote", "--ratebook", "rates/rates.twrb", "--from", "XS", "--to", "QQ", "--currency", "XQD"];
    let quote = [&quote[..], &["--item", "t-shirt,6109.10,2,50", "--freight", "10", "--date", "2027-03-01"]].concat();
    assert!(office.run(&quote).1.contains("Editions used: Customs of Q 1 of"));

    // The list of authorities signed anew, with nothing changed in it: readers go on.
    let again = office.done(&["repository", "rotate", "repo", "--targets", "--key", "holder.pem"]);
    assert!(again.contains("It has taken effect."), "{again}");
    assert!(office.folder.join("repo/public/metadata/4.targets.json").is_file(), "one founded, two admitted, one anew");
    assert!(sync(&[]).contains("qq 1 fresh"));

    let dismiss = ["repository", "dismiss", "repo", "--authority", "qq", "--reason", "Q joined the union."];
    let (code, carried) = office.run(&[&dismiss[..], &["-o", "dismiss.json"]].concat());
    assert!(code == 1 && carried.contains("Nothing has taken effect yet."), "{carried}");
    let signed = office.done(&["sign", "dismiss.json", "--key", "holder.pem", "--yes"]);
    assert!(signed.contains("Dismiss Customs of Q (\"qq\"): Q joined the union."), "{signed}");
    office.done(&["repository", "accept", "repo", "dismiss.json"]);
    assert!(office.refused(&dismiss).contains("no authority \"qq\" is admitted here"));
    let said = sync(&[]);
    assert!(said.contains("qq dismissed the repository no longer admits it"), "{said}");
    assert!(!office.run(&quote).1.contains("Editions used: Customs of Q 1 of"), "its edition is used no longer");
    assert!(office.done(&["repository", "board", "repo"]).contains("Customs of Q (qq) 1"));
}

#[test]
fn a_data_folder_that_readers_do_not_have_is_said() {
    let office = Office::new("own-data");
    let said = "Readers do not have this repository's data folder yet.";
    let data = guide().join("data").display().to_string();
    let found = ["repository", "found", "other", "--name", "Q", "--threshold", "1", "--key", "holder.pem"];
    let found_with = office.done(&[&found[..], &["--data", &data]].concat());
    assert!(
        found_with.contains(said) && found_with.contains("repository publish-data other --key KEY"),
        "{found_with}"
    );
    std::fs::remove_dir_all(office.folder.join("other")).unwrap();
    assert!(!office.done(&found).contains(said), "its readers have the program's data too");
    assert!(office.admit("officer.pem").contains(said));
    let own = office.done(&["key", "show", "stranger.pem"]);
    let admit = ["repository", "admit", "repo", "--authority", "unofficial", "--name", "Own data", "--signatures", "1"];
    office.done(&[&admit[..], &["--officer", &own, "--key", "holder.pem"]].concat());
    office.done(&["repository", "publish-data", "repo", "--key", "stranger.pem"]);
    assert!(!office.admit("officer.pem").contains(said), "it is published");
}

#[test]
fn a_key_is_read_by_openssl() {
    let office = Office::new("openssl");
    let read = Command::new("openssl")
        .args(["pkey", "-in", "officer.pem", "-pubout", "-outform", "DER"])
        .current_dir(&office.folder)
        .output();
    let Ok(read) = read else {
        eprintln!("skipped: openssl is needed for this test");
        return;
    };
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let public: String = read.stdout[read.stdout.len() - 32..].iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(office.done(&["key", "show", "officer.pem"]), public);
}

/// A reader who cannot use what an authority publishes is told so in each answer, not given another's rates as if they were its
/// own; and so is who asks again later.
#[test]
fn an_answer_says_whose_rates_are_not_heard() {
    let mut office = Office::new("unheard");
    office.admit("stranger.pem");
    let officer = office.done(&["key", "show", "officer.pem"]);
    let admit = ["repository", "admit", "repo", "--authority", "zz", "--name", "Customs of Z", "--territory", "ZZ"];
    office.done(&[&admit[..], &["--officer", &officer, "--signatures", "1", "--key", "holder.pem"]].concat());
    let own = office.done(&["key", "show", "stranger.pem"]);
    let admit = ["repository", "admit", "repo", "--authority", "unofficial", "--name", "Own data", "--signatures", "1"];
    office.done(&[&admit[..], &["--officer", &own, "--key", "holder.pem"]].concat());
    office.done(&["repository", "publish-data", "repo", "--key", "stranger.pem"]);
    office.serve();
    let token = ["repository", "token", "repo", "--for", "Officer", "--role", "officer", "--authority", "zz"];
    std::fs::write(office.folder.join("token"), office.done(&token)).unwrap();
    let lines = [
        r#"{"edition":{"authority":"Z","territory":"ZZ","currency":"XQD","title":"Controls","format":"edition","nomenclature":"HS 2022","known_from":"2026-11-22","licence":"Free to use"}}"#,
        r#"{"fact":{"key":"z","statement":"Food is inspected.","source":{"publisher":"Customs of Z"},"confidence":"high"}}"#,
        r#"{"measure":{"code":"170490","kind":"control","cites":["z"],"note":"Food inspection at the border."}}"#,
    ];
    std::fs::write(office.folder.join("z.ndjson"), lines.join("\n")).unwrap();
    let sent = office.done(&["publish", "send", "z.ndjson", "--authority", "zz", "--token", "token"]);
    office.done(&["publish", "approve", &edition(&sent), "--key", "officer.pem", "--token", "token"]);
    let sync = ["sync", "repo/public", "--copy", "other", "--root", "repo/public/metadata/1.root.json"];
    let quote =
        ["quote", "--ratebook", "other/rates.twrb", "--from", "XS", "--to", "ZZ", "--currency", "XQD", "--json"];
    let quote = [&quote[..], &["--item", "t-shirt,6109.10,2,50", "--freight", "10", "--date", "2027-03-01"]].concat();
    let said = "Customs of Z publishes rates, and what it publishes now was refused or could not be fetched: these are not its own.";

    let role = office.folder.join("repo/public/metadata/1.zz.json");
    let good = std::fs::read(&role).unwrap();
    std::fs::write(&role, [good.as_slice(), b" "].concat()).unwrap();
    let (code, text) = office.run(&sync);
    assert!(code == 1 && text.contains("zz refused"), "{text}");
    let (_, unheard) = office.run(&quote);
    assert!(unheard.contains(said), "{unheard}");
    std::fs::write(office.folder.join("unheard.json"), &unheard).unwrap();
    let recall = ["recall", "unheard.json", "--copy", "other", "--from", "repo/public", "-o", "then.twrb"];
    assert!(office.done(&recall).contains("byte for byte"));

    std::fs::write(&role, good).unwrap();
    office.done(&sync[..4]);
    let (_, heard) = office.run(&quote);
    assert!(!heard.contains(said) && heard.contains("Customs of Z"), "{heard}");
    // A ratebook that was changed on the disk answers nothing.
    let ratebook = office.folder.join("other/rates.twrb");
    let mut bytes = std::fs::read(&ratebook).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&ratebook, bytes).unwrap();
    assert!(office.refused(&quote).contains("the ratebook is damaged"));
    // The next look makes it anew, though nothing was published.
    office.done(&sync[..4]);
    assert_eq!(office.run(&quote).1, heard);
}

#[test]
fn an_older_backup_is_restored_beside_what_readers_have_seen() {
    let mut office = Office::new("restore");
    office.admit("officer.pem");
    office.serve();
    office.done(&["repository", "backup", "repo", "backup.zst"]);
    let hash = edition(&office.send("q-1.xlsx", &[]));
    office.done(&["publish", "approve", &hash, "--key", "officer.pem", "--token", "token"]);
    let moved = |name: &str| {
        let (from, to) = (office.folder.join("repo"), office.folder.join(name));
        std::fs::create_dir(&to).unwrap();
        for file in ["repository.toml", "online.pem"] {
            std::fs::copy(from.join(file), to.join(file)).unwrap();
        }
    };
    // Without the published files: not before somebody says that this is meant.
    moved("second");
    let restore = ["repository", "restore", "second", "backup.zst"];
    let asked = office.refused(&restore);
    assert!(asked.contains("\"an older state is replayed\". First put the published files in their place"), "{asked}");
    assert!(office.run(&["repository", "token", "second"]).1.contains("No token was made yet"), "nothing is restored");
    // With them: what was published since is taken back, and no token counts.
    copy(&office.folder.join("repo/public"), &office.folder.join("second/public"));
    let restored = office.done(&restore);
    assert!(restored.contains(&format!("edition 1 of qq: {hash}")), "{restored}");
    assert!(restored.contains("Tokens that no longer count") && restored.contains("Officer officer qq"), "{restored}");
    assert!(restored.contains("tidewaiter repository token second --for NAME --role ROLE"), "{restored}");
    assert!(office.done(&["repository", "token", "second"]).contains("revoked"));
    // The files are lost, and the tokens are wanted.
    moved("third");
    let kept = office.done(&["repository", "restore", "third", "backup.zst", "--yes", "--keep-tokens"]);
    assert!(kept.contains("Tokens that count again") && kept.contains("Officer officer qq"), "{kept}");
    assert!(kept.contains("tidewaiter repository token third --revoke TOKEN"), "{kept}");
    assert!(!office.done(&["repository", "token", "third"]).contains("revoked"));
}

/// `script` gives a command a terminal, and what is typed on it.
#[test]
fn a_person_is_asked_before_an_edition_is_signed() {
    let mut office = Office::new("asked");
    office.admit("officer.pem");
    office.serve();
    let hash = edition(&office.send("q-1.xlsx", &[]));
    let on_a_terminal = |words: &str, typed: &str| -> Option<String> {
        let line = format!("{} {words}", env!("CARGO_BIN_EXE_tidewaiter"));
        let mut command = Command::new("script");
        command.args(["-qec", &line, "/dev/null"]).current_dir(&office.folder);
        command.env("TIDEWAITER_REPOSITORY", &office.service.as_ref().unwrap().1);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), typed.as_bytes()).unwrap();
        Some(String::from_utf8_lossy(&child.wait_with_output().unwrap().stdout).into_owned())
    };
    let approve = format!("publish approve {hash} --key officer.pem --token token");
    let Some(no) = on_a_terminal(&approve, "n\n") else {
        eprintln!("skipped: script is needed for this test");
        return;
    };
    assert!(no.contains("Sign this edition? [y/N]") && no.contains("nothing was signed"), "{no}");
    assert!(office.done(&["publish", "show", &hash, "--token", "token"]).contains("Signatures 0 of 1"));
    let yes = on_a_terminal(&format!("{approve} --yes"), "").unwrap();
    assert!(!yes.contains("Sign this edition?") && yes.contains("published"), "{yes}");
    let renew = on_a_terminal("publish renew qq --key officer.pem --token token", "y\n").unwrap();
    assert!(renew.contains("Sign this edition? [y/N]") && renew.contains("is signed anew"), "{renew}");
}
