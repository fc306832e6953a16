package import Schema

extension Translator {
    /// Whether the patterns of `options` want the table.
    package static func includes(_ table: String, _ options: PlanOptions) -> Bool { options.includes(table) }
}
