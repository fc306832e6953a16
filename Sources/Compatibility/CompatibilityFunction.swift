/// A function that gives Postgres the meaning of SQLite where Postgres has no equal of its own.
///
/// It is installed into one schema under one name, with an overload for each kind of value.
package struct CompatibilityFunction: Sendable, Equatable {
    package let name: String
    /// One sentence: what it does.
    package let summary: String
    /// Where its results may differ from SQLite's; nil where they are the same, which the differential tests hold.
    package let difference: String?
    package let overloads: [Overload]

    /// What is created by one statement.
    package struct Overload: Sendable, Equatable {
        package let arguments: [Argument]
        package let result: String
        package let volatility: Volatility
        package let form: Form
        /// The names of other functions of the catalog that its text calls.
        package let calls: Set<String>
        /// The statement, with `CompatibilityCatalog.placeholder` where the schema stands.
        let statement: String

        package var argumentTypes: [String] { arguments.map(\.type) }
    }

    package struct Argument: Sendable, Equatable {
        package let name: String
        package let type: String
        package let isVariadic: Bool
    }

    /// In the words of Postgres.
    package enum Volatility: String, Sendable { case immutable, stable, volatile }

    /// The order in which they are created: the text of a query is checked against what stands already, that of a
    /// procedure only when it runs, and an aggregate needs its steps.
    package enum Form: Int, Sendable { case procedure, query, aggregate }

    /// The least steady of its overloads: what an index or a generated column may rely on.
    package var volatility: Volatility {
        let all = overloads.map(\.volatility)
        return all.contains(.volatile) ? .volatile : all.contains(.stable) ? .stable : .immutable
    }

    /// Every name that its overloads call, itself not among them.
    package var dependencies: Set<String> {
        overloads.reduce(into: Set()) { $0.formUnion($1.calls) }.subtracting([name])
    }
}
