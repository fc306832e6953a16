/// The storage class that a column prefers (https://sqlite.org/datatype3.html#type_affinity).
package enum Affinity: String, Sendable, Hashable, Codable {
    case integer, text, blob, real, numeric

    /// The affinity that a declared type gives, by the manual's five rules in their order.
    ///
    /// The type `ANY` of a STRICT table has no affinity at all; this rule, which
    /// does not know the table, says `numeric`.
    package init(declaredType: String?) {
        let type = Array(SQLiteName.folded(declaredType ?? "").utf8)
        func contains(_ words: String...) -> Bool {
            words.contains { type.firstRange(of: Array($0.utf8)) != nil }
        }
        if contains("int") {
            self = .integer
        } else if contains("char", "clob", "text") {
            self = .text
        } else if type.isEmpty || contains("blob") {
            self = .blob
        } else if contains("real", "floa", "doub") {
            self = .real
        } else {
            self = .numeric
        }
    }
}
