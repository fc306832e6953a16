import SQLiteSyntax
import Schema

/// JSON functions and operators (https://sqlite.org/json1.html).
///
/// What a function that builds JSON gives carries a mark, the subtype: another such function takes it as
/// JSON and not as text. The mark is known here, so it becomes `json_raw()` where it counts.
extension ExpressionTranslation {
    func jsonValid(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        let operand = arguments[0]
        if operand.kind == .json {
            if settings.allowsCompatibility { return Typed(.postfix(operand.sql, "IS NOT NULL"), .truth) }
            return Typed(
                .conditional(
                    operand: nil,
                    branches: [.init(when: .postfix(operand.sql, "IS NOT NULL"), then: .boolean(true))],
                    otherwise: nil), .truth)
        }
        guard settings.allowsCompatibility else {
            guard operand.kind == .text, options.targetVersion >= 16 else {
                throw Untranslatable("json_valid() on \(operand.kind.words) needs Postgres 16")
            }
            return Typed(.postfix(operand.sql, "IS JSON"), .truth)
        }
        let test = try compatibility("json_valid", [Self.asText(try text(operand))])
        // NULL is no JSON for SQLite before 3.41.
        return Typed(operand.isNeverNull ? test : .call("coalesce", [test, .integer(0)]), .integer)
    }

    func json(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        marked(try compatibility("json", [try document(arguments[0])]))
    }

    func jsonExtract(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        let source = try document(arguments[0])
        var paths: [TargetExpression] = []
        for path in arguments.dropFirst() { paths.append(Self.asText(try text(path))) }
        var result = Typed(try compatibility("json_extract", [source] + paths), .any)
        if paths.count > 1 {
            // Always an array.
            return marked(try compatibility("to_text", [result.sql]))
        }
        let isTree = TargetExpression.inList(
            try compatibility("json_type", [source, paths[0]]), [.string("array"), .string("object")],
            negated: false)
        let raw = try compatibility("json_raw", [try compatibility("json_arrow", [source, paths[0]])])
        result.embedded = .conditional(
            operand: nil, branches: [.init(when: isTree, then: raw)], otherwise: result.sql)
        return result
    }

    /// `->` gives JSON, `->>` a value; a number or a name stands for a path.
    func extract(_ left: Typed, _ sign: BinaryOperator, _ right: Typed) throws(Untranslatable) -> Typed {
        let source = try document(left)
        let path = right.kind == .integer ? try argument(right) : Self.asText(try text(right))
        if sign == .extract { return marked(try compatibility("json_arrow", [source, path])) }
        return Typed(try compatibility("json_arrow_text", [source, path]), .any)
    }

    func jsonType(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        Typed(try compatibility("json_type", try documentAndPaths(arguments)), .text)
    }

    func jsonArrayLength(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        Typed(try compatibility("json_array_length", try documentAndPaths(arguments)), .integer)
    }

    func jsonRemove(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        marked(try compatibility("json_remove", try documentAndPaths(arguments)))
    }

    func jsonPatch(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        marked(try compatibility("json_patch", [try document(arguments[0]), try document(arguments[1])]))
    }

    func jsonArray(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        marked(
            try compatibility(
                "json_array", arguments.map { (item) throws(Untranslatable) in try jsonArgument(item) }))
    }

    func jsonObject(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        guard arguments.count.isMultiple(of: 2) else {
            throw Untranslatable("json_object() wants pairs of a name and a value")
        }
        for name in stride(from: 0, to: arguments.count, by: 2) where arguments[name].kind != .text {
            throw Untranslatable("the names of json_object() must be texts")
        }
        return marked(
            try compatibility(
                "json_object", arguments.map { (item) throws(Untranslatable) in try jsonArgument(item) }))
    }

    func jsonQuote(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        marked(try compatibility("json_quote", [try jsonArgument(arguments[0])]))
    }

    func jsonSet(_ arguments: [Typed]) throws(Untranslatable) -> Typed { try edited("json_set", arguments) }
    func jsonInsert(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        try edited("json_insert", arguments)
    }
    func jsonReplace(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        try edited("json_replace", arguments)
    }

    private func edited(_ name: String, _ arguments: [Typed]) throws(Untranslatable) -> Typed {
        guard !arguments.count.isMultiple(of: 2), arguments.count > 1 else {
            throw Untranslatable("\(name)() wants a document and pairs of a path and a value")
        }
        var values = [try document(arguments[0])]
        for argument in arguments.dropFirst() { values.append(try jsonArgument(argument)) }
        return marked(try compatibility(name, values))
    }

    func jsonGroup(
        _ name: String, _ arguments: [Typed], _ around: Surroundings
    ) throws(Untranslatable) -> Typed {
        guard !around.isDistinct else { throw Untranslatable("\(name)(DISTINCT) is not carried") }
        var values: [TargetExpression] = []
        if arguments.count == 2 { values.append(Self.asText(try text(arguments[0]))) }
        values.append(try jsonArgument(arguments[arguments.count - 1]))
        _ = try compatibility(name, [])
        return marked(.aggregate(around.ordered(name, values, isCompatibility: true)))
    }

    private func marked(_ sql: TargetExpression) -> Typed {
        var result = Typed(sql, .text)
        result.isJSON = true
        return result
    }

    private func documentAndPaths(_ arguments: [Typed]) throws(Untranslatable) -> [TargetExpression] {
        var result = [try document(arguments[0])]
        for path in arguments.dropFirst() { result.append(Self.asText(try text(path))) }
        return result
    }

    /// JSON as text; what became jsonb is read back from it.
    private func document(_ operand: Typed) throws(Untranslatable) -> TargetExpression {
        operand.kind == .json ? .cast(operand.sql, .text) : Self.asText(try text(operand))
    }

    /// A value that is put into JSON, as `jsonb` in the encoding of the compatibility functions.
    func jsonArgument(_ operand: Typed) throws(Untranslatable) -> TargetExpression {
        if operand.kind == .bytes || operand.mayHoldBlobs { throw Untranslatable("JSON holds no blobs") }
        if let embedded = operand.embedded { return embedded }
        if operand.hidesJSON {
            throw Untranslatable("it puts into JSON what may be a text or a tree taken out of JSON")
        }
        if operand.isJSON, operand.kind == .text { return try compatibility("json_raw", [operand.sql]) }
        return try dynamic(operand)
    }
}

extension FunctionRule {
    static let json: [FunctionRule] = [
        .init("json", 1...1, .method(ExpressionTranslation.json), "json(t)"),
        .init(
            "json_valid", 1...1, .method(ExpressionTranslation.jsonValid), "json_valid(t)",
            .differs("of NULL it is 0 in views, as before SQLite 3.41, and NULL in CHECK, as since")),
        .init("json_extract", 2...many, .method(ExpressionTranslation.jsonExtract), "json_extract(t, '$.a')"),
        .init("json_type", 1...2, .method(ExpressionTranslation.jsonType), "json_type(t, '$.a')"),
        .init(
            "json_array_length", 1...2, .method(ExpressionTranslation.jsonArrayLength),
            "json_array_length(t, '$.c')"),
        .init("json_array", 0...many, .method(ExpressionTranslation.jsonArray), "json_array(i, json(t))"),
        .init("json_object", 0...many, .method(ExpressionTranslation.jsonObject), "json_object('k', i)"),
        .init("json_quote", 1...1, .method(ExpressionTranslation.jsonQuote), "json_quote(t)"),
        .init("json_set", 3...many, .method(ExpressionTranslation.jsonSet), "json_set(t, '$.a', 1)", edits),
        .init(
            "json_insert", 3...many, .method(ExpressionTranslation.jsonInsert), "json_insert(t, '$.a', 1)",
            edits),
        .init(
            "json_replace", 3...many, .method(ExpressionTranslation.jsonReplace), "json_replace(t, '$.a', 1)",
            edits),
        .init("json_remove", 1...many, .method(ExpressionTranslation.jsonRemove), "json_remove(t, '$.a')"),
        .init("json_patch", 2...2, .method(ExpressionTranslation.jsonPatch), "json_patch(t, '{\"a\":1}')"),
    ]

    private static let edits = Equality.differs(
        "several edits are made one after the other, as SQLite does since 3.45")
}
