/// The columns that the DETAIL of a violated key names: `Key (a, "B")=(1, 2) already exists.`
///
/// Its words are in the server's language, the brackets are not. What follows them are values, of which nothing is taken.
enum PostgresKeyDetail {
    /// Empty when the key is none of plain columns, as that of an index over expressions.
    static func columns(_ detail: String) -> [String] {
        guard let start = detail.utf8.firstIndex(of: UInt8(ascii: "(")) else { return [] }
        var rest = detail[start...].dropFirst()
        var columns: [String] = []
        while let column = name(&rest) {
            columns.append(column)
            if rest.hasPrefix(")=(") { return columns }
            guard rest.hasPrefix(", ") else { return [] }
            rest = rest.dropFirst(2)
        }
        return []
    }

    /// Takes a name from the front: in quotes, or anything up to the next comma or bracket.
    private static func name(_ rest: inout Substring) -> String? {
        guard rest.first == "\"" else {
            let end = rest.firstIndex { "(),\"".contains($0) } ?? rest.endIndex
            defer { rest = rest[end...] }
            return end > rest.startIndex ? String(rest[..<end]) : nil
        }
        var name = ""
        rest = rest.dropFirst()
        while let quote = rest.firstIndex(of: "\"") {
            name += rest[..<quote]
            rest = rest[quote...].dropFirst()
            guard rest.first == "\"" else { return name }
            name.append("\"")
            rest = rest.dropFirst()
        }
        return nil
    }
}
