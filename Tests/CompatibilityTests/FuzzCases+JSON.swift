import TestSupport

/// The functions of JSON.
extension FuzzCases {
    private static let document = FuzzGenerator(type: .text) { .text(wholeDocument(&$0)) }
    private static let path = FuzzGenerator(type: .text) { .text(pathText(&$0)) }
    private static let arrowPath = FuzzGenerator(type: .text) { random in
        let short = ["a", "b", "a b", "0", "1", "[0]", "[1]", "2", "-1", "a.b", "é", "\"a\""]
        return .text(
            Bool.random(using: &random) ? pathText(&random) : short.randomElement(using: &random) ?? "a")
    }
    private static let damaged = FuzzGenerator(type: .text) { .text(damagedDocument(&$0)) }
    /// Values that JSON has: no blobs and nothing infinite.
    private static let finite = FuzzGenerator(type: .any) { random in
        switch Int.random(in: 0..<3, using: &random) {
        case 0: return .integer(Fuzz.integer(&random))
        case 1:
            let value = Fuzz.real(&random)
            return .real(value.isInfinite ? 1.5 : value)
        default: return .text(Fuzz.text(&random))
        }
    }

    // Statement by statement: a chain of + takes the type checker minutes.
    static let json: [FuzzCase] = {
        var cases: [FuzzCase] = []
        func add(
            _ sqlite: String, _ postgres: String, _ arguments: [FuzzGenerator], share: Double = 1
        ) {
            cases.append(FuzzCase("\(sqlite) (\(cases.count))", sqlite, postgres, arguments, share: share))
        }
        // NULL is where versions of SQLite differ.
        let valid = "CASE WHEN ?1 IS NOT NULL THEN json_valid(?1) END"
        add(valid, "@json_valid($1)", [damaged], share: 4)
        add(valid, "@json_valid($1)", [.text])
        add("json(?1)", "@json($1)", [damaged])
        add("json(?1)", "@json($1)", [document])
        add("json_extract(?1, ?2)", "@json_extract($1, $2)", [document, path], share: 2)
        add("json_extract(?1, ?2, ?3)", "@json_extract($1, $2, $3)", [document, path, path])
        add("?1 -> ?2", "@json_arrow($1, $2)", [document, arrowPath])
        add("?1 ->> ?2", "@json_arrow_text($1, $2)", [document, arrowPath])
        add("?1 -> ?2", "@json_arrow($1, $2)", [document, .integers(-2...3)])
        add("json_type(?1)", "@json_type($1)", [document])
        add("json_type(?1, ?2)", "@json_type($1, $2)", [document, path])
        add("json_array_length(?1)", "@json_array_length($1)", [document])
        add("json_array_length(?1, ?2)", "@json_array_length($1, $2)", [document, path])
        add("json_quote(?1)", "@json_quote($1)", [finite])
        add("json_quote(?1)", "@json_quote(@to_any($1))", [.blob], share: 0.1)
        add("json_array(?1, ?2)", "@json_array($1, $2)", [finite, finite])
        add("json_array(?1, json(?2))", "@json_array($1, @json_raw(@json($2)))", [finite, document])
        add(
            "json_object(?1, ?2, ?3, ?4)", "@json_object($1, $2, @to_any($3), $4)",
            [.anyWithText, finite, .text, finite])
        for name in ["insert", "replace", "set"] {
            // In place of the whole document the value itself comes back.
            add(
                "CASE WHEN ?2 <> '$' THEN json_\(name)(?1, ?2, ?3) END",
                "CASE WHEN $2 <> '$' THEN @json_\(name)($1, @to_any($2), $3) END", [document, path, finite])
        }
        add("json_patch(?1, ?2)", "@json_patch($1, $2)", [document, document])
        cases.append(
            FuzzCase(
                "json_remove", "json_remove(?1*)", "@json_remove($1, VARIADIC $2)", types: [.text, .texts]
            ) { random in
                let count = Int.random(in: 0...3, using: &random)
                return [
                    document.next(&random), .list((0..<count).map { _ in .text(pathText(&random)) }),
                ]
            })
        for name in ["json_each", "json_tree"] {
            add(rows(of: "\(name)(?1)", "x."), rows(of: "@\(name)($1)", "x.", quote: "@quote"), [document])
        }
        add(
            rows(of: "json_each(?1, ?2)", "x."), rows(of: "@json_each($1, $2)", "x.", quote: "@quote"),
            [document, path])
        return cases
    }()

    /// All columns of all rows as one text.
    private static func rows(of call: String, _ start: String, quote: String = "quote") -> String {
        let columns = ["key", "value", "type", "atom", "id", "parent", "fullkey", "path"]
        let line = columns.map { "\(quote)(\(start)\($0))" }.joined(separator: " || '|' || ")
        let aggregate = quote == "quote" ? "group_concat" : "string_agg"
        return "(SELECT \(aggregate)(\(line), ';') FROM \(call) AS x)"
    }

    private static let names = [
        "a", "b", "c", "ab", "a b", "é", "x1", "1", "", "a.b", "\"", "\\", "a\"b", "\t",
    ]

    private static func space(_ random: inout SplitMix64) -> String {
        ["", "", "", "", "", "", " ", "\n", "  ", "\t"].randomElement(using: &random) ?? ""
    }

    private static func escaped(_ text: String, _ random: inout SplitMix64) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\t": result += Bool.random(using: &random) ? "\\t" : "\\u0009"
            case "\n": result += "\\n"
            default:
                let isEscaped = Int.random(in: 0..<20, using: &random) == 0
                result += isEscaped ? units(of: scalar) : String(scalar)
            }
        }
        return result + "\""
    }

    private static func units(of scalar: Unicode.Scalar) -> String {
        String(scalar).utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }

    private static func atom(_ random: inout SplitMix64) -> String {
        let numbers = [
            "0", "-0", "1.50", "1e5", "-1.5E-3", "12345678901234567890", "0.1", "1.0", "-9223372036854775808",
            "9223372036854775808", "1e400", "true", "false", "null",
        ]
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return "\(Fuzz.integer(&random))"
        case 1: return escaped(Fuzz.text(&random).filter { $0 != "\u{FFFF}" }, &random)
        case 2: return escaped(names.randomElement(using: &random) ?? "", &random)
        default: return numbers.randomElement(using: &random) ?? "0"
        }
    }

    private static func piece(_ depth: Int, _ random: inout SplitMix64) -> String {
        let kind = Int.random(in: 0..<10, using: &random)
        if depth > 3 || kind < 4 { return atom(&random) }
        if kind < 7 {
            let items = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                space(&random) + piece(depth + 1, &random) + space(&random)
            }
            return "[\(items.joined(separator: ","))]"
        }
        let members = names.shuffled(using: &random).prefix(Int.random(in: 0...4, using: &random)).map {
            name in
            "\(space(&random))\(escaped(name, &random)):\(space(&random))\(piece(depth + 1, &random))"
        }
        return "{\(members.joined(separator: ","))\(space(&random))}"
    }

    private static func wholeDocument(_ random: inout SplitMix64) -> String {
        while true {
            let text = piece(0, &random)
            if text.hasPrefix("{") || text.hasPrefix("[") || Int.random(in: 0..<10, using: &random) == 0 {
                return space(&random) + text + space(&random)
            }
        }
    }

    private static func damagedDocument(_ random: inout SplitMix64) -> String {
        var scalars = Array(piece(0, &random).unicodeScalars)
        let additions = Array("{}[],:\"\\ 0129.-+eEtnu\t".unicodeScalars)
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            let place = Int.random(in: 0...scalars.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0..<2: if place < scalars.count { scalars.remove(at: place) }
            case 2..<4: scalars.insert(additions.randomElement(using: &random) ?? "{", at: place)
            default: scalars.removeSubrange(place...)
            }
        }
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        return text
    }

    private static func pathText(_ random: inout SplitMix64) -> String {
        let broken = [
            "", "a", "$.", "$[", "$[a]", "$x", "$.a[", "$[#-]", "$[#", "$.\"a", "$.a.", "$[1", "$[-1]",
            "$[\"a\"]",
        ]
        if Int.random(in: 0..<33, using: &random) == 0 { return broken.randomElement(using: &random) ?? "$" }
        let plainNames = ["a", "b", "c", "ab", "x1", "1", "é"]
        let quotedNames = ["a", "a b", "", "a.b", "\\\\", "b"]
        let offsets = ["", "-1", "-2", "-0", "-9"]
        let depths = [0, 1, 1, 1, 2, 2, 3]
        var path = "$"
        for _ in 0..<(depths.randomElement(using: &random) ?? 1) {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5: path += ".\(plainNames.randomElement(using: &random) ?? "a")"
            case 5: path += ".\"\(quotedNames.randomElement(using: &random) ?? "a")\""
            case 6..<9: path += "[\(Int.random(in: 0...3, using: &random))]"
            default: path += "[#\(offsets.randomElement(using: &random) ?? "")]"
            }
        }
        return path
    }
}
