//! A catalogue of shared questions: checked on its own, and drawn on by
//! policies beside it.

use std::fs;
use std::path::{Path, PathBuf};

use prequal::policy::Kind;
use prequal_compiler::{Code, Sources, check_catalogue, check_catalogue_sources, compile_sources};

use crate::base::changed;

const CATALOGUE: &str = "[question.age]
kind = \"integer\"
range = [0, 120]

[question.housing]
kind = \"choice\"
options = [\"rent\", \"own\", \"dormitory\", \"family\"]
";

const TEXTS: &str = "question.age.label = \"How old are you?\"
question.age.help = \"In whole years\"
question.housing.label = \"Where do you live?\"
option.housing = { rent = \"Rented\", own = \"My own\", dormitory = \"Dormitory\", family = \"With family\" }
";

fn catalogue(toml: &str, texts: &str) -> Sources {
    let mut sources = Sources::default();
    sources.insert("catalogue.toml", toml);
    sources.insert("texts/en.toml", texts);
    sources
}

fn codes(sources: &Sources) -> Vec<Code> {
    let told = check_catalogue_sources(sources);
    told.iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn a_catalogue_is_checked_on_its_own() {
    assert_eq!(codes(&catalogue(CATALOGUE, TEXTS)), []);
    let conditioned = format!("{CATALOGUE}when = \"age > 18\"\n");
    assert_eq!(codes(&catalogue(&conditioned, TEXTS)), [Code::UnknownKey]);
    let untold = TEXTS.replace("question.age.label", "question.aged.label");
    assert_eq!(
        codes(&catalogue(CATALOGUE, &untold)),
        [Code::MissingText, Code::UnusedText]
    );
    assert_eq!(codes(&Sources::default()), [Code::MissingFile]);
}

/// The base policy with age and housing out of a catalogue.
fn sharing() -> Sources {
    let mut sources = changed(|policy| {
        policy
            .replace(
                "quote_grade =",
                "catalogue = \"../catalogue\"\nquote_grade =",
            )
            .replace(
                "kind = \"choice\"\noptions = [\"own\", \"rent\", \"family\"]",
                "shared = true\noptions = [\"own\", \"rent\", \"family\"]",
            )
            .replace(
                "kind = \"integer\"\nrange = [16, 90]",
                "shared = true\nrange = [16, 90]",
            )
    });
    let texts = sources.get("texts/en.toml").expect("its texts");
    let texts = texts.replace("question.age.label = \"Age\"\n", "");
    sources.insert("texts/en.toml", texts);
    sources.insert("../catalogue/catalogue.toml", CATALOGUE);
    sources.insert("../catalogue/texts/en.toml", TEXTS);
    sources
}

#[test]
fn a_policy_narrows_what_it_shares_and_takes_the_texts() {
    let compiled = compile_sources(&sharing()).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert!(compiled.warnings.is_empty(), "{}", compiled.warnings);
    let questions = &compiled.loaded.body().questions;
    let question = |id: &str| {
        let mut questions = questions.iter();
        questions
            .find(|q| q.id.as_str() == id)
            .expect("the question")
    };
    assert_eq!((question("age").low, question("age").high), (16, 90));
    let Kind::Choice(options) = &question("housing").kind else {
        panic!("housing is a choice")
    };
    assert!(
        options
            .iter()
            .map(|o| o.as_str())
            .eq(["own", "rent", "family"])
    );
    let language = compiled.languages.first().expect("a language");
    let texts: serde_json::Value = serde_json::from_slice(&language.bytes).expect("an object");
    let text = |key: &str| texts.get(key).and_then(|text| text.as_str());
    assert_eq!(text("question.age.label"), Some("How old are you?"));
    assert_eq!(text("question.age.help"), Some("In whole years"));
    // The policy's own words go before the catalogue's.
    assert_eq!(text("question.housing.label"), Some("Housing"));
    assert_eq!(text("option.housing.dormitory"), None);
}

/// A folder of its own for a test, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn with(name: &str, sources: &Sources) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        for file in sources.paths() {
            let at = path.join("policy").join(file);
            let parent = at.parent().expect("a folder");
            // `policy/..` is a folder once `policy` is there.
            fs::create_dir_all(path.join("policy")).expect("a folder");
            fs::create_dir_all(parent).expect("a folder");
            fs::write(at, sources.get(file).expect("its text")).expect("written");
        }
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left behind is overwritten by the next run.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_catalogue_is_read_from_beside_the_policy() {
    let folder = Folder::with("sharing", &sharing());
    let read = Sources::read(&folder.0.join("policy")).expect("both folders");
    assert_eq!(read, sharing());
    let alone = check_catalogue(&folder.0.join("catalogue"));
    assert!(alone.is_empty(), "{alone}");
    let nothing = check_catalogue(&folder.0);
    assert!(nothing.iter().all(|d| d.code == Code::Unreadable) && nothing.has_errors());
}
