internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import OutgrowStorage

@Suite struct ValuesJSONTests {
    @Test(arguments: [
        ("null", "null"), (" true ", "true"), ("[ ]", "[]"), ("{ }", "{}"), ("[1 ,2]", "[1,2]"),
        (#"{"b":1,"a":2}"#, #"{"a":2,"b":1}"#), (#"{"a":1,"b":3,"a":2}"#, #"{"a":2,"b":3}"#),
        (#"{"a":1,"a":2}"#, #"{"a":2}"#), ("1.0", "1"), ("1e2", "100"), ("1.10", "1.1"), ("-0", "0"),
        ("0e9999999999999", "0"), ("1E+2", "100"), ("12.5e-1", "1.25"), ("1e30", "1e30"),
        ("1.5e300", "1.5e300"),
        ("15e-30", "1.5e-29"), ("0.000015", "0.000015"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        (#""a\/b\u0041\n""#, #""a/bA\n""#), (#""\ud83d\ude00""#, "\"😀\""), (#""\u001F""#, #""\u001f""#),
        (#"{"":{"z":[{}],"a":[[]]}}"#, #"{"":{"a":[[]],"z":[{}]}}"#),
    ])
    func `the text is canonical`(_ text: String, _ canonical: String) throws {
        #expect(try JSON(text: text).text == canonical)
        #expect(try JSON(text: canonical).text == canonical)
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "[", "[1,]", "[,1]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "01",
        "1.", ".5",
        "+1", "-", "1e", "\"", "\"\\x\"", "\"\\u12\"", "\"\n\"", "[1] 2", "]", "}", "[1}", "'a'", "NaN",
        "1 2", "\"\\",
        "\u{FEFF}1", "[1 2]", "{\"a\" 1}", "{1:2}", "--1", "1.2.3", "\"\\u00g0\"",
    ])
    func `what is not JSON is refused`(_ text: String) {
        let error = #expect(throws: StorageError.self) { try JSON(text: text) }
        #expect(error?.kind == .type)
    }

    @Test(arguments: [
        #""\u0000""#, #"{"\u0000":1}"#, #""\ud800""#, #""\udc00""#, #""\ud800x""#, #""\ud800\u0041""#,
        "1e131072",
        "1e-16384", "1e99999999999999999999", String(repeating: "[", count: 513),
    ])
    func `what jsonb refuses is refused`(_ text: String) {
        let error = #expect(throws: StorageError.self) { try JSON(text: text) }
        #expect(error?.kind == .unsupportedValue)
    }

    @Test(arguments: [
        JSON("a\0"), JSON(Double.nan), JSON(Double.infinity), ["x\0": 1], [[["\0"]]],
        (0..<513).reduce(JSON.null) { inner, _ in [inner] },
    ])
    func `a literal that cannot be stored is refused when it is bound`(_ json: JSON) {
        #expect(SQLValue.json(json).refusal?.kind == .unsupportedValue)
    }

    @Test func `parts of a value that cannot be stored may be stored`() throws {
        let json: JSON = ["bad": "\0", "good": [1]]
        #expect(SQLValue.json(try #require(json["good"])).refusal == nil)
        #expect(SQLValue.json(try #require(json["bad"])).refusal != nil)
        #expect(json["bad"]?.string == "\0")
        #expect(SQLValue.json(#""\\u0000 is text""#).refusal == nil)
    }

    @Test func `512 levels are no burden`() throws {
        let text = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        var json = try JSON(text: text)
        #expect(json.depth == 512)
        while let inner = json[0] { json = inner }
        #expect(json == [])
    }

    @Test func `members are read`() throws {
        let json: JSON = [
            "name": "Ada \"\\\n\u{1}é", "born": 1815, "pi": 3.25, "dead": true, "none": nil,
            "list": ["x", [], ["y": 2]],
        ]
        #expect(json.kind == .object)
        #expect(json["name"]?.string == "Ada \"\\\n\u{1}é")
        #expect(json["born"]?.int64 == 1815)
        #expect(json["pi"]?.double == 3.25)
        #expect(json["pi"]?.decimal == Decimal(string: "3.25"))
        #expect(json["dead"]?.bool == true)
        #expect(json["none"]?.isNull == true)
        #expect(json["missing"] == nil)
        #expect(json["list"]?[2]?["y"]?.int64 == 2)
        #expect(json["list"]?[3] == nil)
        #expect(json["list"]?[-1] == nil)
        #expect(json["list"]?.elements == ["x", [], ["y": 2]])
        #expect(json.members?.map(\.name) == ["born", "dead", "list", "name", "none", "pi"])
        #expect(json["name"]?["x"] == nil)
    }

    @Test func `names that differ in bytes alone are two members`() throws {
        let json = try JSON(text: "{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(json.members?.count == 2)
        #expect(json["\u{E9}"]?.int64 == 1)
        #expect(JSON("\u{E9}") != JSON("e\u{301}"))
    }

    struct Person: Codable, Equatable {
        var name: String
        var born: Date
        var tags: [String]?
    }

    @Test func `values of Swift go both ways`() throws {
        let person = Person(
            name: "Ada", born: InstantText.date(microseconds: -4_861_728_000_123_456), tags: ["a"])
        let json = try JSON(encoding: person)
        #expect(json["born"]?.string == "1815-12-09T23:59:59.876544Z")
        #expect(try json.decode(Person.self) == person)
        let error = #expect(throws: StorageError.self) { try JSON("x").decode(Person.self) }
        #expect(error?.kind == .type)
        #expect(throws: StorageError.self) { try JSON(encoding: [Double.nan]) }
        #expect(throws: StorageError.self) { try JSON(encoding: "\0") }
    }

    /// Text that Postgres' own `jsonb` reads, held against ours.
    @Test func `jsonb agrees on what is equal`() async throws {
        let seed: UInt64 = 20_261_123
        var random = SplitMix64(seed: seed)
        let engines = try await BothEngines()
        for round in 0..<20 {
            let texts = (0..<40).map { _ in RandomJSON.text(depth: 4, &random) }
            let values = try texts.map { try JSON(text: $0) }
            let list = SQL(
                unsafe: texts.map { "('\($0.replacing("'", with: "''"))'::jsonb)" }.joined(separator: ","))
            let ours = values.map { value in value.text.replacing("'", with: "''") }
            let other = SQL(unsafe: ours.map { "('\($0)'::jsonb)" }.joined(separator: ","))
            let same = try await engines.onPostgres(
                """
                SELECT a.j = b.j, a.j::text FROM (SELECT row_number() OVER () AS n, j FROM (VALUES \(list)) v(j)) a
                JOIN (SELECT row_number() OVER () AS n, j FROM (VALUES \(other)) v(j)) b USING (n) ORDER BY n
                """)
            for (index, row) in same.enumerated() {
                let (isSame, back) = (row.hasPrefix("t|"), String(row.dropFirst(2)))
                #expect(isSame, "seed \(seed), round \(round): \(texts[index])")
                #expect(
                    try JSON(text: back) == values[index], "seed \(seed), round \(round): \(texts[index])")
            }
        }
    }

    @Test(arguments: ["1e131071", "1e-16383", "-1.5e131070", "123e-16383"])
    func `the largest and smallest numbers of numeric pass`(_ text: String) async throws {
        let engines = try await BothEngines()
        let json = try JSON(text: text)
        let back = try await engines.onPostgres("SELECT \(json)::text")
        #expect(try JSON(text: back[0]) == json)
    }

    @Test(arguments: ["1e131072", "1e-16384", "12e131071"])
    func `numbers beyond those are refused by Postgres too`(_ text: String) async throws {
        let engines = try await BothEngines()
        await #expect(throws: (any Error).self) {
            try await engines.onPostgres("SELECT '\(unsafe: text)'::jsonb::text")
        }
    }

    @Test func `random bytes never trap`() {
        let seed: UInt64 = 7
        var random = SplitMix64(seed: seed)
        let signs = Array(#"{}[]",:\u0dtruefalsn1-.eE+ "#.utf8)
        var accepted = 0
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<12, using: &random)).map { _ in
                signs.randomElement(using: &random) ?? 0
            }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let json = JSON(valid: text) else { continue }
            accepted += 1
            #expect(JSON(valid: json.text) == json, "seed \(seed): \(text)")
            _ = (json.elements, json.members, json.string, json.double, json.decimal, json["a"], json[0])
        }
        #expect(accepted > 100)
    }
}

extension JSON {
    fileprivate init?(valid text: String) {
        do {
            try self.init(text: text)
        } catch {
            return nil
        }
    }
}

/// JSON as people and programs write it: spaces, doubled names, numbers in every form.
enum RandomJSON {
    static func text(depth: Int, _ random: inout SplitMix64) -> String {
        let space = [" ", "", "\n", "\t "].randomElement(using: &random) ?? ""
        switch Int.random(in: 0..<(depth == 0 ? 4 : 6), using: &random) {
        case 0: return space + (["null", "true", "false"].randomElement(using: &random) ?? "null")
        case 1: return number(&random) + space
        case 2, 3: return string(&random)
        case 4:
            let parts = (0..<Int.random(in: 0..<4, using: &random)).map { _ in text(depth: depth - 1, &random)
            }
            return "[\(parts.joined(separator: space + ","))\(space)]"
        default:
            let parts = (0..<Int.random(in: 0..<5, using: &random)).map { _ in
                string(&random) + space + ":" + text(depth: depth - 1, &random)
            }
            return "{\(space)\(parts.joined(separator: "," + space))}"
        }
    }

    private static func number(_ random: inout SplitMix64) -> String {
        let sign = Bool.random(using: &random) ? "-" : ""
        let whole = ["0", "7", "120", "9007199254740993"].randomElement(using: &random) ?? "0"
        let fraction = ["", "", ".0", ".10", ".000001"].randomElement(using: &random) ?? ""
        let exponent = ["", "", "e2", "E-7", "e+30", "e-40", "e400"].randomElement(using: &random) ?? ""
        return sign + whole + fraction + exponent
    }

    private static func string(_ random: inout SplitMix64) -> String {
        let parts = [
            "a", "b", "aa", "", "é", "e\u{301}", "😀", #"\n"#, #"\""#, #"\\"#, #"\u0041"#, #"\ud83d\ude00"#,
            #"\u001f"#, "'", "!",
            " ",
        ]
        return "\""
            + (0..<Int.random(in: 0..<3, using: &random)).map { _ in parts.randomElement(using: &random) ?? ""
            }
            .joined() + "\""
    }
}
