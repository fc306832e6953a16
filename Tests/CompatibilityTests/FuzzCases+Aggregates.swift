import TestSupport

/// Aggregates over a handful of rows, in their order.
extension FuzzCases {
    // Statement by statement: a chain of + takes the type checker minutes.
    static let aggregates: [FuzzCase] = {
        var cases: [FuzzCase] = []
        func add(
            _ sqlite: String, _ postgres: String,
            _ element: @escaping @Sendable (inout SplitMix64) -> FuzzValue
        ) {
            cases.append(
                FuzzCase(
                    "\(sqlite) (\(cases.count))", "(SELECT \(sqlite) FROM (VALUES #))",
                    "(SELECT \(postgres) FROM unnest($1) WITH ORDINALITY AS u(x, n))", types: [.anys],
                    share: 0.5
                ) { random in
                    [.list((0..<Int.random(in: 1...5, using: &random)).map { _ in element(&random) })]
                })
        }
        func moving(_ sqlite: String, _ postgres: String) {
            let frame = "ROWS 2 PRECEDING"
            cases.append(
                FuzzCase(
                    "\(sqlite) OVER (\(frame))",
                    "(SELECT s FROM (SELECT row_number() OVER () AS n, \(sqlite) OVER (\(frame)) AS s FROM (VALUES #)) ORDER BY n DESC LIMIT 1)",
                    "(SELECT s FROM (SELECT n, \(postgres) OVER (ORDER BY n \(frame)) AS s FROM unnest($1) WITH ORDINALITY AS u(x, n)) AS w ORDER BY n DESC LIMIT 1)",
                    types: [.anys], share: 0.5
                ) { random in
                    [.list((0..<Int.random(in: 3...8, using: &random)).map { _ in real(&random) })]
                })
        }
        for element in [mixed, whole] {
            add("sum(column1)", "@sum_number(x ORDER BY n)", element)
            add("total(column1)", "@total(x ORDER BY n)", element)
            add("avg(column1)", "@avg_number(x ORDER BY n)", element)
            add("min(column1)", "@min(x ORDER BY n)", element)
            add("max(column1)", "@max(x ORDER BY n)", element)
        }
        add("sum(column1)", "@sum_number(@to_number(x) ORDER BY n)", number)
        add("avg(column1)", "@avg_number(@to_number(x) ORDER BY n)", number)
        add("total(column1)", "@total(@to_real(x) ORDER BY n)", number)
        add("avg(column1)", "@avg_number(@to_real(x) ORDER BY n)", number)
        // The sum of the last frame shows what the rows before it have left behind.
        for (sqlite, postgres) in [
            ("sum(CAST(column1 AS REAL))", "@sum_real(@to_real(x))"),
            ("total(column1)", "@total(@to_real(x))"),
            ("avg(column1)", "@avg_number(@to_real(x))"), ("sum(column1)", "@sum_number(@to_number(x))"),
        ] {
            moving(sqlite, postgres)
        }
        add("max(column1 COLLATE NOCASE)", "@max(x, 'NOCASE' ORDER BY n)", word)
        add("min(column1 COLLATE RTRIM)", "@min(x, 'RTRIM' ORDER BY n)", word)
        add("group_concat(column1)", "@group_concat(@to_text(x) ORDER BY n)", word)
        add("group_concat(column1, '; ')", "@group_concat(@to_text(x), '; ' ORDER BY n)", word)
        add(
            "group_concat(DISTINCT column1)", "@group_concat_distinct(@to_text(x), ',' ORDER BY n)", word)
        add("json_group_array(column1)", "@json_group_array(x ORDER BY n)", word)
        add("json_group_array(column1)", "@json_group_array(x ORDER BY n)", number)
        add(
            "json_group_object('k' || column1, column1)",
            "@json_group_object('k' || @to_text(x), x ORDER BY n)", whole)
        for (name, original) in [("least_of", "min"), ("greatest_of", "max")] {
            cases.append(
                FuzzCase(
                    "\(original) of several", "\(original)(0*)",
                    "@\(name)(VARIADIC @to_any(0::bigint) || $1)",
                    types: [.anys]
                ) { random in
                    [.list((0..<Int.random(in: 1...4, using: &random)).map { _ in mixed(&random) })]
                })
        }
        return cases
    }()

    private static let mixed: @Sendable (inout SplitMix64) -> FuzzValue = { random in
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return .null
        case 1: return .integer(.random(in: -5...5, using: &random))
        case 2: return .real([1.5, 2, -0.1, 1e300, -1e300, 1e308].randomElement(using: &random) ?? 0)
        case 3: return .text(Fuzz.numberText(&random))
        default: return Fuzz.any(&random)
        }
    }

    private static let whole: @Sendable (inout SplitMix64) -> FuzzValue = { random in
        Bool.random(using: &random)
            ? .integer(.random(in: -50...50, using: &random)) : .integer(Fuzz.integer(&random))
    }

    /// A finite number or NULL.
    private static let number: @Sendable (inout SplitMix64) -> FuzzValue = { random in
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return .null
        case 1: return .real(.random(in: -100...100, using: &random))
        case 2: return .real([0.1, 0.5, -1e300, 1e300].randomElement(using: &random) ?? 0)
        default: return .integer(.random(in: -50...50, using: &random))
        }
    }

    /// A fraction or NULL.
    private static let real: @Sendable (inout SplitMix64) -> FuzzValue = { random in
        Int.random(in: 0..<5, using: &random) == 0 ? .null : .real(.random(in: -100...100, using: &random))
    }

    private static let word: @Sendable (inout SplitMix64) -> FuzzValue = { random in
        let words = ["a", "b", "", "é", "ab", "A", "a ", "B  "]
        return Int.random(in: 0..<6, using: &random) == 0
            ? .null : .text(words.randomElement(using: &random) ?? "")
    }
}
