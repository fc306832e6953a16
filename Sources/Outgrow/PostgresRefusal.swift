internal import SQLiteSyntax

/// What Postgres does not read, or has no function for.
enum PostgresRefusal {
    static func reasons(for sql: String) -> [String] {
        let words: [SQLWord]
        do throws(SyntaxError) { words = try SQLWord.words(of: sql) } catch { return [] }
        var result: [String] = []
        func add(_ reason: String) { if !result.contains(reason) { result.append(reason) } }
        for (index, word) in words.enumerated() {
            let next = index + 1 < words.count ? words[index + 1].text : ""
            let folded = SQLiteName.folded(word.text)
            switch word.kind {
            case .foreignQuoted: add("Postgres quotes names by double quotes alone")
            case .string:
                if index > 0, SQLiteName.folded(words[index - 1].text) == "as" {
                    add("a name in single quotes is a string in Postgres")
                }
            case .sign: if word.text == "==" { add("Postgres has no ==") }
            case .word:
                if next == "(", functions.contains(folded) { add("Postgres has no function \(folded)()") }
                if next == ".", folded == "main" || folded == "temp" {
                    add("Postgres has no schema \(folded)")
                }
                let follower = SQLiteName.folded(next)
                if let reason = sequences["\(folded) \(follower)"] ?? singles[folded] { add(reason) }
            default: break
            }
        }
        return result
    }

    private static let sequences = [
        "insert or": "Postgres has no INSERT OR", "update or": "Postgres has no UPDATE OR",
        "replace into": "Postgres has no REPLACE", "indexed by": "Postgres has no INDEXED BY",
        "not indexed": "Postgres has no NOT INDEXED",
    ]
    static let rowID = "Postgres has no rowid"
    private static let singles = [
        "glob": "Postgres has no GLOB", "regexp": "Postgres has no REGEXP", "match": "Postgres has no MATCH",
        "isnull": "ISNULL reads otherwise", "rowid": rowID, "_rowid_": "Postgres has no _rowid_",
    ]
    private static let functions: Set<String> = [
        "changes", "char", "date", "datetime", "group_concat", "hex", "ifnull", "iif", "instr", "json",
        "json_array",
        "json_each", "json_extract", "json_group_array", "json_group_object", "json_object", "json_set",
        "json_tree",
        "json_type", "json_valid", "julianday", "last_insert_rowid", "likely", "printf", "quote",
        "randomblob",
        "strftime", "time", "timediff", "total", "total_changes", "typeof", "unicode", "unixepoch",
        "unlikely",
        "zeroblob",
    ]
}
