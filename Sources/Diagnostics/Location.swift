/// Where something was found, from the outside in: table (or other object), column, row.
package struct Location: Sendable, Codable, Hashable, CustomStringConvertible {
    /// The table, view, index, trigger or file, under its source name.
    package var object: String?
    package var column: String?
    package var rowID: Int64?

    package init(_ object: String? = nil, column: String? = nil, rowID: Int64? = nil) {
        self.object = object
        self.column = column
        self.rowID = rowID
    }

    package var description: String {
        let path = [object, column].compactMap(\.self).joined(separator: ".")
        return rowID.map { "\(path) (rowid \($0))" } ?? path
    }
}
