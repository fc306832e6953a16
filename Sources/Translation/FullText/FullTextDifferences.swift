import Diagnostics
import SQLiteSyntax
import Schema

/// How Postgres cuts and compares words otherwise than a table's tokenizer does.
struct FullTextDifferences: Sendable {
    let definition: FullTextDefinition
    let configuration: String
    let options: PlanOptions
    /// Some text has letters beyond ASCII; nil when nobody could look.
    let isBeyondASCII: Bool?

    private var comparesWholeWords: Bool { configuration == "simple" || configuration == "pg_catalog.simple" }

    private var isEnglish: Bool { configuration == "english" || configuration == "pg_catalog.english" }

    var findings: [Finding] {
        var result: [Finding] = []
        func note(_ severity: Severity, _ message: String, _ remedy: String? = nil) {
            result.append(
                Finding("full-text-tokenizer", severity, at: Location(definition.name), message, fix: remedy))
        }
        switch definition.cutter {
        case "unicode61", "ascii", "simple": break
        case "trigram":
            note(
                .loss, "The tokenizer trigram finds parts of words; a tsvector finds whole words.",
                "Create the extension pg_trgm and an index USING gin (column gin_trgm_ops), and search with LIKE."
            )
        case let other:
            note(.loss, "The tokenizer \(other) is not carried: the words are those of Postgres' parser.")
        }
        if definition.choosesLetters {
            note(
                .loss,
                "The tokenizer's own choice of letters is not carried: the words are those of Postgres' parser."
            )
        }
        if definition.usesPorter, !isEnglish {
            note(
                .loss,
                "The tokenizer porter finds words by their English stem; the configuration \(configuration) does not.",
                "Use --fts english.")
        } else if definition.usesPorter {
            note(.info, "The configuration english passes over stop words such as \"the\"; porter does not.")
        } else if !comparesWholeWords {
            note(
                .info,
                "The configuration \(configuration) compares words by its own rules; the tokenizer compares them whole.",
                "Use --fts simple to compare whole words.")
        }
        if definition.removesDiacritics {
            note(
                isBeyondASCII == false ? .info : .loss,
                "The tokenizer unicode61 finds é by e, too, and "
                    + (isBeyondASCII.map { $0 ? "the text has such letters" : "the text has none such yet" }
                        ?? "the text may have such letters")
                    + "; Postgres does so with the extension unaccent.",
                "Make a configuration that uses unaccent, and name it with --fts.")
        }
        if definition.cutter == "unicode61", isBeyondASCII != false, options.databaseCollationIsC {
            note(
                .loss, "The database's collation knows ASCII only: É is not found by é.",
                "Migrate into a database with another LC_CTYPE, such as C.UTF-8.")
        }
        return result
    }
}
