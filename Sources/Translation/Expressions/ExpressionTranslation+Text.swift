import SQLiteSyntax
import Schema

// Functions of text and blobs (https://sqlite.org/lang_corefunc.html).
extension ExpressionTranslation {
    func length(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        let operand = arguments[0]
        switch operand.kind {
        case .bytes: return .narrow(.call("octet_length", [operand.sql]))
        case .any where operand.mayHoldBlobs:
            return Typed(try compatibility("length", [operand.sql]), .integer)
        default: return .narrow(.call("length", [try text(operand)]))
        }
    }

    func lower(_ arguments: [Typed]) throws(Untranslatable) -> Typed { try fold("lower", arguments) }
    func upper(_ arguments: [Typed]) throws(Untranslatable) -> Typed { try fold("upper", arguments) }

    /// ASCII letters only, as under the collation "C".
    private func fold(_ name: String, _ arguments: [Typed]) throws(Untranslatable) -> Typed {
        Typed(.call(name, [.collate(try text(arguments[0]), "C")]), .text)
    }

    func trim(_ arguments: [Typed]) throws(Untranslatable) -> Typed { try trim("btrim", arguments) }
    func ltrim(_ arguments: [Typed]) throws(Untranslatable) -> Typed { try trim("ltrim", arguments) }
    func rtrim(_ arguments: [Typed]) throws(Untranslatable) -> Typed { try trim("rtrim", arguments) }

    private func trim(_ name: String, _ arguments: [Typed]) throws(Untranslatable) -> Typed {
        let set = arguments.count == 2 ? try text(arguments[1]) : .string(" ")
        var result = Typed(.call(name, [try text(arguments[0]), set]), .text)
        result.isBytewise = arguments[0].isBytewise && (arguments.count == 1 || arguments[1].literal != nil)
        return result
    }

    func replace(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        if case .string(let part)? = arguments[1].literal {
            // The value itself comes back, whatever it is.
            if part.isEmpty { return arguments[0].withoutColumnRules }
            let texts = try arguments.map { (item) throws(Untranslatable) in try text(item) }
            return Typed(.call("replace", texts), .text)
        }
        // A number is never the empty text.
        let mayBeEmpty = !arguments[1].kind.isNumber && arguments[1].kind != .truth
        guard !mayBeEmpty || arguments[0].kind == .text || arguments[0].kind == .null else {
            throw Untranslatable("replace() gives back what is no text when there is nothing to look for")
        }
        if !settings.allowsCompatibility, arguments[2].literal != nil {
            return Typed(
                .call("replace", try arguments.map { (item) throws(Untranslatable) in try text(item) }), .text
            )
        }
        let texts = try arguments.map { (item) throws(Untranslatable) in Self.asText(try text(item)) }
        return Typed(try compatibility("replace", texts), .text)
    }

    func instr(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        if arguments.contains(where: { $0.mayHoldBlobs }) {
            throw Untranslatable("instr() depends on which values are blobs")
        }
        if arguments.allSatisfy({ $0.kind == .bytes }) {
            return Typed(try compatibility("instr", arguments.map(\.sql)), .integer)
        }
        return .narrow(.call("strpos", [try text(arguments[0]), try text(arguments[1])]))
    }

    func substring(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        let value = arguments[0]
        if value.mayHoldBlobs { throw Untranslatable("substr() depends on which values are blobs") }
        let isBytes = value.kind == .bytes
        // SQLite has no part of an empty blob, but NULL.
        let subject = isBytes ? .call("nullif", [value.sql, .bytes([])]) : try text(value)
        var result = Typed(subject, isBytes ? .bytes : .text)
        result.isBytewise = value.isBytewise
        var constants: [TargetExpression] = []
        for (position, argument) in arguments.dropFirst().enumerated() {
            guard case .integer(let number)? = argument.literal, number >= (position == 0 ? 1 : 0),
                Int32(exactly: number) != nil
            else { break }
            constants.append(.integer(number))
        }
        if constants.count == arguments.count - 1 {
            result.sql = .call("substr", [subject] + constants)
            return result
        }
        if !settings.allowsCompatibility {
            throw Untranslatable("substr() is carried only for positive constants")
        }
        var numbers: [TargetExpression] = []
        for argument in arguments.dropFirst() { numbers.append(try self.argument(integer(argument))) }
        result.sql = try compatibility("substr", [Self.asText(subject)] + numbers)
        return result
    }

    func unicode(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        .narrow(.call("nullif", [.call("ascii", [try text(arguments[0])]), .integer(0)]))
    }

    /// NULL would be U+0000.
    func characters(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        if arguments.isEmpty { return try literal(.string("")) }
        guard arguments.allSatisfy(\.isNeverNull) else {
            throw Untranslatable("char() makes U+0000 of NULL, and Postgres has no such text")
        }
        let codes = try arguments.map { (code) throws(Untranslatable) in try argument(integer(code)) }
        return Typed(try compatibility("char", codes), .text)
    }

    func hexadecimal(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        if arguments[0].kind == .null { return try literal(.string("")) }
        return Typed(try compatibility("hex", [try argument(arguments[0])]), .text)
    }

    func quote(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        if arguments[0].kind == .null { return try literal(.string("NULL")) }
        return Typed(try compatibility("quote", [try argument(arguments[0])]), .text)
    }

    /// Short ones as a literal; one beyond 64 MiB would be held in every row where it is generated.
    func zeroBlob(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        if case .integer(let count)? = arguments[0].literal {
            if count <= 64 { return try literal(.blob(Array(repeating: 0, count: max(0, Int(count))))) }
            guard count <= 1 << 26 else { throw Untranslatable("it makes a blob of \(count) bytes") }
        }
        return Typed(try compatibility("zeroblob", [try argument(integer(arguments[0]))]), .bytes)
    }

    /// Arguments that are missing are NULL.
    func printf(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        let isOfLiterals = arguments.allSatisfy { $0.literal != nil && $0.literal != .string("") }
        if case .string(let pattern)? = arguments[0].literal, pattern.contains("%c"), !isOfLiterals {
            throw Untranslatable(
                "printf('%c') makes U+0000 of NULL and of no text, and Postgres has no such text")
        }
        // An empty pattern gives NULL.
        let pattern = Self.asText(try text(arguments[0]))
        let isPattern = arguments[0].literal != nil && arguments[0].literal != .string("")
        var values = [isPattern ? pattern : .call("nullif", [pattern, .string("")])]
        for argument in arguments.dropFirst() {
            if argument.kind == .bytes || argument.mayHoldBlobs {
                throw Untranslatable("printf() writes blobs as text, and Postgres has no text for every blob")
            }
            values.append(try dynamic(argument))
        }
        if arguments.count == 1 { values.append(.cast(.null, .jsonb)) }
        return Typed(try compatibility("printf", values), .text)
    }

    /// `like(pattern, text)` and `glob(pattern, text)`: the operators as functions.
    func like(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        try match(
            arguments[1], .like, pattern: arguments[0], escape: arguments.count == 3 ? arguments[2] : nil)
    }

    func glob(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        try match(arguments[1], .glob, pattern: arguments[0], escape: nil)
    }
}
