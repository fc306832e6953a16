/// How SQLite compares identifiers: case-insensitive for ASCII letters only, so
/// `Ä` and `ä` are two names (https://sqlite.org/lang_keywords.html).
package enum SQLiteName {
    /// The form under which a name is looked up.
    package static func folded(_ name: String) -> String {
        guard name.utf8.contains(where: { (0x41...0x5A).contains($0) }) else { return name }
        return String(decoding: name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    package static func equal(_ one: String, _ other: String) -> Bool { folded(one) == folded(other) }
}

extension SQLiteName {
    /// The name between double quotes, for SQL that SQLite is to run.
    package static func quoted(_ name: String) -> String {
        "\"" + String(decoding: name.utf8.flatMap { $0 == 0x22 ? [0x22, 0x22] : [$0] }, as: UTF8.self) + "\""
    }
}
