/// The catalog as a page of the documentation, `docs/reference/compatibility-functions.md`.
package enum CompatibilityReference {
    package static func page(of catalog: CompatibilityCatalog) -> String {
        var lines = [introduction]
        lines.append("| function | arguments → result | what it does | beside SQLite's |\n|---|---|---|---|")
        lines += catalog.functions.map { row(of: $0) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func row(of function: CompatibilityFunction) -> String {
        let signatures = function.overloads.map { overload in
            let arguments = overload.arguments.map { ($0.isVariadic ? "variadic " : "") + $0.type }
            return "`(\(arguments.joined(separator: ", "))) → \(overload.result)`"
        }
        let steadiness =
            function.volatility == .immutable ? "" : " Not immutable: \(function.volatility.rawValue)."
        let claim = function.difference.map { "⚠ \($0)" } ?? "✅ the same"
        return
            "| `\(function.name)` | \(signatures.joined(separator: "<br>")) | \(escaped(function.summary))\(steadiness) "
            + "| \(escaped(claim)) |"
    }

    private static func escaped(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }

    private static let introduction = """
        # Compatibility functions

        <!-- Generated from Sources/Compatibility/SQL by the test that compares it; do not edit. -->

        Where Postgres has no equal of an operator or a function of SQLite, a translated expression calls one of
        these. Those that are used, and what they call in turn, are created in one schema (`sqlite` unless you
        choose another); nothing else is needed, no extension among it. Why they exist:
        [Meaning](../explanation/compatibility.md).

        Values have these types: INTEGER is `bigint`, REAL `double precision`, TEXT `text`, BLOB `bytea`. A `numeric`
        is a number whose class only the run tells: INTEGER when its scale is 0, else REAL. A `jsonb` is a value of
        any class: a JSON number as above, a string, `{"b": "6869"}` for a blob, `{"r": "Infinity"}` for what JSON
        has no number for.

        ✅ says that seeded random arguments gave the same class and the same value as SQLite 3.40.1 on x86-64, doubles
        to the last bit, and an error where SQLite has one. ⚠ says the same but for what is stated. Functions without
        arguments of users, which others call, are listed too, as they stand in your schema.
        """
}
