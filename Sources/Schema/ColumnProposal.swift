/// What the declared type or an override proposes for a column, before the data has had its say.
package struct ColumnProposal: Sendable, Hashable, Codable {
    /// The first choice; the scan checks every value against it.
    package var codec: ValueCodec
    /// The rule's name.
    package var rule: String
    /// The user said so: a misfit is a blocker, not a reason to widen.
    package var isOverride: Bool

    package init(codec: ValueCodec, rule: String, isOverride: Bool = false) {
        self.codec = codec
        self.rule = rule
        self.isOverride = isOverride
    }
}
