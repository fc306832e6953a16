internal import Testing

@testable internal import OutgrowStorage

@Suite struct SQLRenderingTests {
    private func check(
        _ sql: SQL, _ sqlite: String, _ postgres: String? = nil, values: [SQLValue] = [],
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        for (dialect, expected) in [(Dialect.sqlite, sqlite), (.postgres, postgres ?? sqlite)] {
            let rendered = try sql.rendered(for: dialect)
            #expect(rendered.text == expected, sourceLocation: location)
            let tails = rendered.parts.enumerated().map { "$\($0.offset + 1)" + $0.element.tail }
            #expect(rendered.head + tails.joined() == expected, sourceLocation: location)
            if !values.isEmpty { #expect(Self.values(of: rendered) == values, sourceLocation: location) }
        }
    }

    private static func values(of rendered: RenderedSQL) -> [SQLValue] {
        rendered.parts.compactMap { if case .value(let value) = $0.parameter { value } else { nil } }
    }

    @Test func `values become numbered placeholders`() throws {
        try check(
            "SELECT \(1), \("a"), \(nil as Int?)", "SELECT $1, $2, $3",
            values: [.integer(1), .text("a"), .null(.integer)])
        try check("SELECT 1", "SELECT 1")
        #expect(try ("SELECT \(1)" as SQL).rendered(for: .sqlite).parts.count == 1)
    }

    @Test func `nested SQL is numbered anew`() throws {
        let part: SQL = "b = \(2) AND c = \(3)"
        try check(
            "SELECT 1 WHERE a = \(1) AND \(part) AND d = \(4) AND (\(part))",
            "SELECT 1 WHERE a = $1 AND b = $2 AND c = $3 AND d = $4 AND (b = $5 AND c = $6)",
            values: [.integer(1), .integer(2), .integer(3), .integer(4), .integer(2), .integer(3)])
        var deep: SQL = "\(0)"
        for number in 1...80 { deep = "\(deep) + \(number)" }
        #expect(try deep.rendered(for: .postgres).text.hasSuffix("+ $80 + $81"))
    }

    @Test func `a dollar sign in a literal is not a placeholder`() throws {
        let part: SQL = "note = '$1' AND b = \(2)"
        try check(
            "SELECT '$2' WHERE a = \(1) AND \(part)", "SELECT '$2' WHERE a = $1 AND note = '$1' AND b = $2",
            values: [.integer(1), .integer(2)])
        #expect(
            try BothEngines.text(of: "SELECT '$2' WHERE a = \(1) AND \(part)", .sqlite)
                == "SELECT '$2' WHERE a = (1) AND note = '$1' AND b = (2)")
    }

    @Test func `lists`() throws {
        try check("x IN \(list: [1, 2])", "x IN (SELECT value FROM json_each($1))", "x = ANY($1)")
        try check(
            "x not in \(list: ["a"]) AND y = \(1)", "x NOT IN (SELECT value FROM json_each($1)) AND y = $2",
            "x <> ALL($1) AND y = $2")
        try check("x IN \(list: [] as [Int])", "x IN (SELECT value FROM json_each($1))", "x = ANY($1)")
        try check("x IN\n \(list: [1.5])", "x IN (SELECT value FROM json_each($1))", "x = ANY($1)")
        try check(
            "a=\(1) AND \"x\"IN \(list: [1])", "a=$1 AND \"x\"IN (SELECT value FROM json_each($2))",
            "a=$1 AND \"x\"= ANY($2)")
    }

    @Test(arguments: [1, 2, 3, 4, 5, 9]) func `lists of bytes are padded to a power of two`(_ count: Int)
        throws
    {
        let values = (0..<count).map { [UInt8($0)] }
        let rendered = try ("x IN \(list: values)" as SQL).rendered(for: .sqlite)
        #expect(rendered.parts.count == [1: 1, 2: 2, 3: 4, 4: 4, 5: 8, 9: 16][count])
        #expect(Set(Self.values(of: rendered)) == Set(values.map(SQLValue.bytes)))
    }

    @Test(
        arguments: ["x = \(list: [1])", "xIN \(list: [1])", "\(list: [1])", "margin \(list: [1])"] as [SQL])
    func `a list without IN is refused`(_ sql: SQL) {
        #expect(throws: StorageError.self) { try sql.rendered(for: .sqlite) }
        #expect(throws: StorageError.self) { try sql.rendered(for: .postgres) }
    }

    @Test func `names are quoted`() throws {
        try check(
            "SELECT \(identifier: "a\"b; --") FROM \(identifier: "t")", "SELECT \"a\"\"b; --\" FROM \"t\"")
        try check("SELECT \(identifier: "")", "SELECT \"\"")
    }

    @Test func `a value never becomes text`() throws {
        let evil = "'; DROP TABLE person; --"
        try check("SELECT \(evil)", "SELECT $1", values: [.text(evil)])
        try check("SELECT \(unsafe: "1")", "SELECT 1")
    }

    @Test func `fragments`() throws {
        try check(
            "SELECT \(1), \(sqlite: "a(\(2))", postgres: "b(\(3), \(4))"), \(5)", "SELECT $1, a($2), $3",
            "SELECT $1, b($2, $3), $4")
        let nested: SQL = "x(\(sqlite: "s \(1)", postgres: "p"))"
        try check("\(0) \(nested) \(2)", "$1 x(s $2) $3", "$1 x(p) $2")
    }
}
