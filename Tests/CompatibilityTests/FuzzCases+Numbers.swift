import TestSupport

/// Rounding, the mathematical functions and printf().
extension FuzzCases {
    /// A double whose decimal ends in a five.
    private static let tie = FuzzGenerator(type: .real) { random in
        guard Bool.random(using: &random) else { return .real(Fuzz.real(&random)) }
        let limit = Int64(Fuzz.power(Int.random(in: 1...9, using: &random)))
        let whole = Int64.random(in: -limit...limit, using: &random) * 10 + 5
        return .real(Double("\(whole)e-\(Int.random(in: 0...15, using: &random))") ?? 0)
    }

    /// Where the functions have their values.
    private static let moderate = FuzzGenerator(type: .real) { random in
        switch Int.random(in: 0..<4, using: &random) {
        case 0: .real(Fuzz.real(&random))
        case 1: .real(.random(in: -2...2, using: &random))
        case 2: .real(.random(in: -800...800, using: &random))
        default: .real(Double(Int.random(in: -20...20, using: &random)))
        }
    }

    private static let anyOrNumberText = FuzzGenerator(type: .any) { random in
        Bool.random(using: &random) ? Fuzz.any(&random) : .text(Fuzz.numberText(&random))
    }

    private static let places = FuzzGenerator(type: .integer) { random in
        .integer(Int64.random(in: Bool.random(using: &random) ? -3...35 : 0...6, using: &random))
    }

    // Statement by statement: a chain of + takes the type checker minutes.
    static let numbers: [FuzzCase] = {
        var cases: [FuzzCase] = []
        cases.append(FuzzCase("round", "round(?1)", "@round($1)", [tie]))
        cases.append(FuzzCase("round to places", "round(?1, ?2)", "@round($1, $2)", [tie, places], share: 2))
        cases.append(FuzzCase("round of any", "round(?1)", "@round($1)", [.any]))
        cases.append(FuzzCase("round of any to places", "round(?1, ?2)", "@round($1, $2)", [.any, .integer]))
        cases += FuzzCase.each(
            "sign(?1)", "@sign($1)", [.integer, .real, .number, .numberText, anyOrNumberText])
        for name in ["ceil", "floor", "trunc"] {
            cases += FuzzCase.each(
                "\(name)(?1)", "@\(name)($1)", [.integer, .real, .number, anyOrNumberText])
        }
        return cases
    }()

    static let mathematics: [FuzzCase] = {
        var cases: [FuzzCase] = []
        let names = [
            "ln", "log10", "log2", "log", "exp", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh",
            "cosh", "tanh", "asinh", "acosh", "atanh", "degrees", "radians",
        ]
        for name in names {
            cases.append(FuzzCase("\(name) of a real", "\(name)(?1)", "@\(name)($1)", [moderate], share: 0.5))
            cases.append(FuzzCase("\(name) of any", "\(name)(?1)", "@\(name)($1)", [.any], share: 0.5))
        }
        for name in ["log", "pow", "mod", "atan2"] {
            cases.append(
                FuzzCase("\(name) of two reals", "\(name)(?1, ?2)", "@\(name)($1, $2)", [moderate, moderate]))
            cases.append(
                FuzzCase(
                    "\(name) of any two", "\(name)(?1, ?2)", "@\(name)($1, $2)", [.any, .any], share: 0.5))
        }
        cases.append(
            FuzzCase(
                "pi", "CASE WHEN ?1 IS NULL THEN pi() END", "CASE WHEN $1 IS NULL THEN @pi() END",
                types: [.integer], share: 0.001
            ) { _ in [.null] })
        return cases
    }()

    static let printf: [FuzzCase] = {
        var cases: [FuzzCase] = []
        func add(
            _ name: String, _ letters: String, share: Double = 1,
            _ argument: @escaping @Sendable (inout SplitMix64) -> FuzzValue
        ) {
            cases.append(
                FuzzCase(
                    "printf of \(name)", "printf(?1*)", "@printf($1, VARIADIC $2)", types: [.text, .anys],
                    share: share
                ) { random in
                    [.text("x" + conversion(letters, &random)), .list([argument(&random)])]
                })
        }
        add("reals", "feEgG", share: 2) { tie.make(&$0) }
        add("integers", "diuxXo") { .integer(Fuzz.integer(&$0)) }
        // A precision may cut a character in two, which no text of Postgres can be.
        add("texts", "szqQwc") { .text("x" + Fuzz.letters("abc'\"% 12", upTo: 9, &$0)) }
        add("wide texts", "szqQwc") { random in
            .text("é" + Fuzz.letters("aé€😀'\"", upTo: 6, &random))
        }
        add("any class", "dfsgxqQ") { Fuzz.number(&$0) }
        cases.append(
            FuzzCase(
                "printf with widths from arguments", "printf(?1*)", "@printf($1, VARIADIC $2)",
                types: [.text, .anys]
            ) { random in
                let flag = ["", "-", "0"].randomElement(using: &random) ?? ""
                let places = ["", ".*", ".3"].randomElement(using: &random) ?? ""
                let letter = Fuzz.letters("dfgxQ", upTo: 1, &random)
                let arguments = (0..<3).map { _ in
                    FuzzValue.integer(Int64.random(in: -20...20, using: &random))
                }
                return [.text("%\(flag)*\(places)\(letter)"), .list(arguments + [.text("abc")])]
            })
        cases.append(
            FuzzCase("printf of several", "printf(?1*)", "@printf($1, VARIADIC $2)", types: [.text, .anys]) {
                random in
                let count = Int.random(in: 1...3, using: &random)
                let pattern = (0..<count).map { _ in
                    Fuzz.letters("aé%", upTo: 1, &random).replacing("%", with: "%%")
                        + conversion("ddiuxXoqQfg%", &random)
                }
                let arguments = (0..<Int.random(in: 0...4, using: &random)).map { _ in Fuzz.number(&random) }
                return [.text(pattern.joined()), .list(arguments)]
            })
        return cases
    }()

    private static func conversion(_ letters: String, _ random: inout SplitMix64) -> String {
        let flags = Fuzz.letters("-+ 0,!#", upTo: 3, &random)
        let width = Bool.random(using: &random) ? "" : "\(Int.random(in: 0...30, using: &random))"
        // Cutting texts by bytes is only the same where a character is one.
        let isText = letters.contains("s")
        var places = Bool.random(using: &random) ? "" : ".\(Int.random(in: 0...20, using: &random))"
        if isText && !flags.contains("!") { places = "" }
        let letter = Array(letters).randomElement(using: &random) ?? "d"
        return "%\(flags)\(width)\(places)\(letter)"
    }
}
