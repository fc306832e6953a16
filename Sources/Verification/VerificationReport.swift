/// What comparing both sides found. A report, never a repair.
package struct VerificationReport: Sendable, Codable, Hashable {
    package var tables: [TableVerification] = []
    /// Identity positions, constraints, indexes and columns that are not as planned.
    package var catalog: [CatalogDifference] = []
    package var seconds: Double = 0

    package init() {}

    package var matches: Bool { tables.allSatisfy(\.matches) && catalog.isEmpty }
    package var rowCount: Int64 { tables.reduce(0) { $0 + $1.targetRowCount } }
}

package struct TableVerification: Sendable, Codable, Hashable {
    /// Under its source name.
    package var table: String
    package var sourceRowCount: Int64
    package var targetRowCount: Int64
    /// Sum modulo 2^128 of the keyed hashes of the rows' meanings, in hexadecimal.
    package var sourceSum: String
    package var targetSum: String
    /// At most a hundred; `differenceCount` counts them all as far as they could be told apart.
    package var differences: [RowDifference] = []
    package var differenceCount: Int64 = 0

    package var matches: Bool { sourceRowCount == targetRowCount && sourceSum == targetSum }
}

package struct RowDifference: Sendable, Codable, Hashable {
    package enum Kind: String, Sendable, Codable, Hashable {
        case missing = "missing-in-target"
        case extra = "only-in-target"
        case changed = "values-differ"
        case count = "number-of-copies-differs"
    }

    package var kind: Kind
    /// The key as `id=5`, or `rowid 5` where the table has no key; nil for a row of the target without one.
    package var row: String?
    /// For `changed`: source names of the columns that differ.
    package var columns: [String] = []
    package var sourceCopies: Int64 = 0
    package var targetCopies: Int64 = 0
}

package struct CatalogDifference: Sendable, Codable, Hashable {
    package enum Kind: String, Sendable, Codable, Hashable {
        case identityBehind = "identity-behind"
        case missingIndex = "index-missing"
        case invalidIndex = "index-invalid"
        case missingConstraint = "constraint-missing"
        case invalidConstraint = "constraint-not-valid"
        case missingTable = "table-missing"
        case column = "column-differs"
        case missingView = "view-missing"
        case view = "view-differs"
        case missingFunction = "function-missing"
        case missingTrigger = "trigger-missing"
        case disabledTrigger = "trigger-disabled"
    }

    package var kind: Kind
    package var table: String
    package var name: String
    /// One sentence.
    package var message: String
}
