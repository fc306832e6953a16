import TestSupport
import Testing

/// An expression in both dialects over arguments that are made up.
struct FuzzCase: Sendable, CustomTestStringConvertible {
    let name: String
    /// With `?1`, `?2`; `*` stands for the elements of a list, `#` for a row of each.
    let sqlite: String
    /// With `$1`, `$2`, and `@` for the schema.
    let postgres: String
    let types: [FuzzType]
    /// How many rows it gets for each that another gets: less than one where a row is dear.
    let share: Double
    let makeRow: @Sendable (inout SplitMix64) -> [FuzzValue]

    var testDescription: String { name }

    init(
        _ name: String, _ sqlite: String, _ postgres: String, _ arguments: [FuzzGenerator], share: Double = 1
    ) {
        self.init(name, sqlite, postgres, types: arguments.map(\.type), share: share) { random in
            arguments.map { $0.next(&random) }
        }
    }

    init(
        _ name: String, _ sqlite: String, _ postgres: String, types: [FuzzType], share: Double = 1,
        makeRow: @escaping @Sendable (inout SplitMix64) -> [FuzzValue]
    ) {
        self.name = name
        self.sqlite = sqlite
        self.postgres = postgres
        self.types = types
        self.share = share
        self.makeRow = makeRow
    }

    /// The same function of one argument of each of several types.
    static func each(_ sqlite: String, _ postgres: String, _ arguments: [FuzzGenerator]) -> [FuzzCase] {
        arguments.map { argument in
            FuzzCase("\(sqlite) of \(argument.type.name)", sqlite, postgres, [argument])
        }
    }
}
