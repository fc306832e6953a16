import Testing

@testable import CopyEncoding

@Suite("JSON reader")
struct JSONReaderTests {
    private func value(_ text: [UInt8]) -> [UInt8]? {
        var reader = JSONReader()
        return unsafe text.withUnsafeBytes { bytes in
            reader.read(unsafe ByteView(bytes)) ? unsafe Array(reader.value.raw) : nil
        }
    }

    private func value(_ text: String) -> [UInt8]? { value(Array(text.utf8)) }

    @Test(arguments: [
        ("1", "1.0"), ("100", "1e2"), ("100", "1.00E+2"), ("0", "-0"), ("0", "0.000e5"), ("0.5", "5e-1"),
        ("-12.50", "-1.25e1"),
        (#"{"a":1,"b":2}"#, #" { "b" : 2 , "a" : 1.0 } "#), (#""é""#, #""\u00e9""#),
        (#""😀/""#, #""\ud83d\uDE00\/""#),
        (#"{"é":[{"z":1,"y":2}]}"#, #"{"\u00e9":[{"y":2,"z":1}]}"#), ("[1, 2]", "[1,2]"),
        (#""\t""#, #""\u0009""#),
        (#"{"aa":1,"b":2,"":3}"#, #"{"":3,"b":2,"aa":1}"#),
    ])
    func `equal values have the same bytes`(_ one: String, _ other: String) throws {
        #expect(try #require(value(one)) == #require(value(other)))
    }

    @Test func `different values have different bytes`() throws {
        let texts = [
            "null", "true", "false", "0", "1", "10", "-1", "0.1", #""""#, #""1""#, "[]", "{}", "[[]]", "[{}]",
            "[0]", "[null]",
            #"{"a":1}"#, #"{"a":"1"}"#, #"{"a":[1]}"#, #"["a",1]"#, "[1,2]", "[2,1]", "[[1],2]", "[[1,2]]",
            #"["",""]"#,
            #"{"a":{},"b":1}"#, #"{"a":{"b":1}}"#, "1e100", "1e101",
        ]
        let values = try texts.map { try #require(value($0), "\($0)") }
        #expect(Set(values).count == texts.count)
    }

    @Test(arguments: [
        "", " ", "nul", "True", "01", "1.", ".5", "+1", "1e", "1e+", "--1", "0x1", "NaN", "[1,]", "[,1]",
        "[1 2]", "[", "]", "{", "}",
        "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "\"", "\"\\\"", "\"\\x\"", "\"\\u12\"",
        "\"\\u00g0\"", "\"\t\"", "\"\n\"",
        "1 2", "[1]]", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800x\"", "\"\\ud800\\u0041\"",
        "\"\\ud800\\ud800\"",
        #"{"a":1,"a":2}"#, #"{"a":1,"b":0,"\u0061":2}"#, #"[{"x":{"k":1,"k":1}}]"#, "1e200000", "1e-20000",
        "1e9999999999", "\u{FEFF}1",
        "// c\n1", "\"a\0b\"", "1\0",
    ])
    func `refuses what jsonb would refuse or change`(_ text: String) {
        #expect(value(text) == nil)
    }

    @Test func `invalid UTF-8 is no JSON`() {
        #expect(value([0x22, 0xC3, 0x22]) == nil)
        #expect(value([0x22, 0xED, 0xA0, 0x80, 0x22]) == nil)
    }

    @Test func `nesting is limited`() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(value(nested(500)) != nil)
        #expect(value(nested(502)) == nil)
        #expect(value(nested(100_000)) == nil)
    }
}
