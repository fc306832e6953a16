import TestSupport

/// What is compared: a row for each overload that matters.
enum FuzzCases {
    static let all: [FuzzCase] = [
        conversions, comparison, matching, arithmetic, text, numbers, mathematics, printf, dates, json,
        aggregates,
    ].flatMap { $0 }

    // Statement by statement: a chain of + takes the type checker minutes.
    static let conversions: [FuzzCase] = {
        var cases: [FuzzCase] = []
        cases += FuzzCase.each("?1 || ''", "@to_text($1)", [.real, .number, .integer])
        cases += FuzzCase.each("CAST(?1 AS TEXT)", "@to_text($1)", [.textBlob, .anyWithText])
        cases += FuzzCase.each(
            "CAST(?1 AS INTEGER)", "@to_integer($1)", [.text, .numberText, .real, .number, .blob, .any])
        cases += FuzzCase.each(
            "CAST(?1 AS REAL)", "@to_real($1)", [.numberText, .integer, .number, .blob, .any])
        cases += FuzzCase.each("?1 + 0", "@to_number($1)", [.numberText, .real, .blob, .any])
        cases += FuzzCase.each("CAST(?1 AS NUMERIC)", "@to_numeric($1)", [.numberText, .number, .blob, .any])
        cases += FuzzCase.each(
            "CAST(?1 AS BLOB)", "@to_blob($1)", [.text, .real, .integer, .number, .blob, .any])
        cases += FuzzCase.each("?1", "@to_any($1)", [.text, .real, .integer, .number, .blob, .any])
        cases += FuzzCase.each("typeof(?1)", "@type_of($1)", [.text, .real, .integer, .number, .blob, .any])
        cases += ["text", "integer", "real", "blob"].map { kind in
            FuzzCase(
                "the \(kind) in a value", "CASE typeof(?1) WHEN '\(kind)' THEN ?1 END",
                "@from_any_\(kind)($1)",
                [.any])
        }
        cases += [
            FuzzCase(
                "the number in a value", "CASE WHEN typeof(?1) IN ('integer', 'real') THEN ?1 END",
                "@from_any_number($1)", [.any]),
            FuzzCase("the INTEGER expected", "?1", "@expect_integer(@to_any($1))", [.integer]),
            FuzzCase("the REAL expected", "?1", "@expect_real(@to_any($1))", [.real]),
            FuzzCase("the number expected", "?1", "@expect_number(@to_any($1))", [.number]),
        ]
        cases += ["numeric", "integer", "real", "text"].map { affinity in
            FuzzCase(
                "\(affinity) affinity",
                """
                INSERT INTO affinity(\(affinity)_) VALUES (?1) RETURNING
                CASE WHEN '\(affinity)' = 'real' AND typeof(real_) IN ('integer', 'real') THEN real_ + 0.0 ELSE \(affinity)_ END
                """,
                "@apply_\(affinity)_affinity($1)",
                [
                    FuzzGenerator(type: .any) { random in
                        Bool.random(using: &random) ? Fuzz.any(&random) : .text(Fuzz.numberText(&random))
                    }
                ])
        }
        return cases
    }()

    // Statement by statement: a chain of + takes the type checker minutes.
    static let comparison: [FuzzCase] = {
        var cases: [FuzzCase] = []
        cases += ["BINARY", "NOCASE", "RTRIM"].map { collation in
            FuzzCase(
                "comparison by \(collation)",
                """
                CASE WHEN ?1 IS NULL OR ?2 IS NULL THEN NULL WHEN ?1 < ?2 COLLATE \(collation) THEN -1
                WHEN ?1 > ?2 COLLATE \(collation) THEN 1 ELSE 0 END
                """, "@compare($1, $2, '\(collation)')::bigint", types: [.any, .any], makeRow: neighbors)
        }
        cases += [
            FuzzCase("equality", "?1 = ?2", "@equal($1, $2)", types: [.any, .any], makeRow: neighbors),
            FuzzCase(
                "order by the sort key", "?1 < ?2", "@sort_key($1) < @sort_key($2)", types: [.any, .any],
                makeRow: neighbors),
        ]
        cases += FuzzCase.each("?1 AND 1", "@truth($1)", [.text, .integer, .real, .number, .blob, .any])
        return cases
    }()

    static let matching: [FuzzCase] = [
        FuzzCase(
            "LIKE", "?1 LIKE ?2", "@like_match($1, $2)",
            [.letters("abABé\\%_]^-[", upTo: 6), .letters("abAB%_%_\\é", upTo: 6)]),
        FuzzCase("LIKE of any text", "?1 LIKE ?2", "@like_match($1, $2)", [.text, .text]),
        FuzzCase(
            "LIKE with an escape character", "?1 LIKE ?2 ESCAPE ?3", "@like_match($1, $2, $3)",
            [
                .letters("abABé\\%_]^-[", upTo: 6), .letters("abAB%_%_\\é", upTo: 6),
                .choice(["\\", "a", "%", "_", "é", "", "ab"]),
            ]),
        FuzzCase(
            "GLOB", "?1 GLOB ?2", "@glob_match($1, $2)",
            [.letters("abABé\\%_]^-[", upTo: 6), .letters("abAB*?[]^-é", upTo: 8)], share: 2),
        FuzzCase("GLOB of any text", "?1 GLOB ?2", "@glob_match($1, $2)", [.text, .text]),
    ]

    // Statement by statement: a chain of + takes the type checker minutes.
    static let arithmetic: [FuzzCase] = {
        var cases: [FuzzCase] = []
        cases += [("add", "+"), ("subtract", "-"), ("multiply", "*"), ("divide", "/"), ("modulo", "%")]
            .flatMap {
                name, sign in
                [FuzzGenerator.integer, .real, .number, .any].map { argument in
                    FuzzCase(
                        "\(argument.type.name) \(sign) \(argument.type.name)", "?1 \(sign) ?2",
                        "@\(name)($1, $2)", [argument, argument])
                }
            }
        cases += FuzzCase.each("-?1", "@negate($1)", [.integer, .real, .number, .any])
        cases += FuzzCase.each("abs(?1)", "@abs($1)", [.integer, .real, .number, .text, .blob, .any])
        cases += [
            FuzzCase("<<", "?1 << ?2", "@shift_left($1, $2)", [.integer, .integer]),
            FuzzCase(">>", "?1 >> ?2", "@shift_right($1, $2)", [.integer, .integer]),
        ]
        return cases
    }()

    // Statement by statement: a chain of + takes the type checker minutes.
    static let text: [FuzzCase] = {
        var cases: [FuzzCase] = []
        cases += [FuzzGenerator.text, .blob].flatMap { value in
            [
                FuzzCase(
                    "substr of \(value.type.name)", "substr(?1, ?2)", "@substr($1, $2)", [value, .integer]),
                FuzzCase(
                    "substr of \(value.type.name) with a length", "substr(?1, ?2, ?3)", "@substr($1, $2, $3)",
                    [value, .integer, .integer]),
                FuzzCase(
                    "substr of \(value.type.name) near its ends", "substr(?1, ?2, ?3)", "@substr($1, $2, $3)",
                    [value, .integers(-14...14), .integers(-14...14)]),
            ]
        }
        cases += [
            FuzzCase(
                "instr of texts", "instr(?1, ?2)", "@instr($1, $2)",
                [.letters("abé", upTo: 6), .letters("abé", upTo: 2)]),
            FuzzCase(
                "instr of blobs", "instr(?1, ?2)", "@instr($1, $2)",
                [.bytes("abé", upTo: 6), .bytes("abé", upTo: 2)]),
            FuzzCase(
                "replace", "replace(?1, ?2, ?3)", "@replace($1, $2, $3)",
                [.letters("abé", upTo: 8), .letters("abé", upTo: 2), .text]),
            // Of NULL it is a zero character, which Postgres has not.
            FuzzCase("char", "char(?1, ?2)", "@char($1, $2)", types: [.integer, .integer]) { random in
                [
                    .integer(.random(in: 1...0xD7FF, using: &random)),
                    .integer(.random(in: 0xE000...0x110100, using: &random)),
                ]
            },
            FuzzCase("zeroblob", "zeroblob(?1)", "@zeroblob($1)", [.integers(-3...60)]),
        ]
        cases += ["trim", "ltrim", "rtrim"].flatMap { name in
            [
                FuzzCase("\(name) of spaces", "\(name)(?1)", "@\(name)($1)", [.text]),
                FuzzCase(
                    "\(name) of characters", "\(name)(?1, ?2)", "@\(name)($1, $2)",
                    [.letters("abé ", upTo: 8), .letters("abé ", upTo: 3)]),
            ]
        }
        cases += ["upper", "lower", "unicode", "soundex"].flatMap {
            FuzzCase.each("\($0)(?1)", "@\($0)($1)", [.text])
        }
        cases += ["length", "hex", "quote"].flatMap {
            FuzzCase.each("\($0)(?1)", "@\($0)($1)", [.text, .integer, .real, .number, .blob, .any])
        }
        return cases
    }()

    /// Two values that are often equal or next to one another.
    static let neighbors: @Sendable (inout SplitMix64) -> [FuzzValue] = { random in
        let first = Fuzz.any(&random)
        guard Bool.random(using: &random) else { return [first, FuzzGenerator.any.next(&random)] }
        switch first {
        case .integer(let value):
            let others: [FuzzValue] = [
                first, .real(Double(value)), .integer(value == .max ? 0 : value + 1),
                .integer(value == .min ? 0 : value - 1),
            ]
            return [first, others.randomElement(using: &random) ?? first]
        case .real(let value) where value.magnitude < 9e18:
            return [
                first,
                [.integer(Int64(value)), first, .real(value.nextUp)].randomElement(using: &random) ?? first,
            ]
        case .text(let value):
            let others = [
                value, value + " ", value.uppercased(), value.lowercased(), String(value.dropLast()),
            ]
            return [first, .text(others.randomElement(using: &random) ?? value)]
        default: return [first, first]
        }
    }
}
