import Diagnostics
import SQLiteSyntax
import Schema
import Testing

@testable import Translation

@Suite("What a column becomes")
struct TypeDecisionTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var declared: String?
        var codec: ValueCodec
        var finding: String?
        var policy = UnstorableTextPolicy.stop
        var override: PostgresType?
        var observed: @Sendable (inout ColumnObservation, ValueCodec) -> Void

        init(
            _ declared: String?, _ codec: ValueCodec, _ finding: String? = nil,
            policy: UnstorableTextPolicy = .stop,
            override: PostgresType? = nil,
            _ observed: @escaping @Sendable (inout ColumnObservation, ValueCodec) -> Void
        ) {
            self.declared = declared
            self.codec = codec
            self.finding = finding
            self.policy = policy
            self.override = override
            self.observed = observed
        }

        var testDescription: String {
            "\(declared ?? "no type") → \(codec.type.name), \(finding ?? "no finding")"
        }
    }

    static let cases: [Case] = [
        // Nothing there: the first choice.
        Case("DATE", .date) { _, _ in }, Case("BOOLEAN", .boolean) { _, _ in }, Case(nil, .text) { _, _ in },
        Case("DECIMAL(10,2)", .numeric(NumericBounds(precision: 10, scale: 2))) { _, _ in },
        // Booleans.
        Case("BOOL", .boolean) { o, _ in o.integers = 3 },
        Case("BOOL", .integer, "loss column-widened") { o, _ in (o.integers, o.integersBeyondBoolean) = (3, 1)
        },
        Case("BOOL", .integer, "info type-from-values") { o, _ in
            (o.integers, o.integersBeyondBoolean) = (3, 3)
        },
        Case("BOOL", .textFromNumbers, "loss column-widened") { o, _ in (o.integers, o.texts) = (3, 1) },
        // Integers.
        Case("INT", .integer) { o, _ in o.integers = 3 },
        Case("INT", .integer) { o, _ in (o.integers, o.reals) = (3, 1) },
        Case("INT", .double, "loss column-widened") { o, _ in
            (o.integers, o.reals, o.fractionalReals) = (3, 1, 1)
        },
        Case("INT", .numeric(nil), "loss column-widened") { o, _ in
            (o.integers, o.reals, o.fractionalReals, o.integersBeyondDouble) = (3, 1, 1, 1)
        },
        Case("INT", .textFromNumbers, "blocker numbers-unstorable") { o, _ in
            (o.integers, o.reals, o.fractionalReals, o.infinities, o.integersBeyondDouble) = (3, 1, 1, 1, 1)
        },
        Case("INT", .text, "info type-from-values") { o, _ in o.texts = 2 },
        Case("INT", .bytes, "info type-from-values") { o, _ in o.blobs = 2 },
        // Decimals.
        Case("DECIMAL(4,1)", .numeric(nil), "info numeric-bounds-dropped") { o, codec in
            o.reals = 2
            o.fractionalReals = 2
            o.candidate = CandidateObservation(codec: codec)
            o.candidate?.misfits = 1
        },
        Case("DECIMAL", .double, "loss column-widened") { o, _ in (o.reals, o.negativeZeros) = (2, 1) },
        Case("DECIMAL", .double, "loss column-widened") { o, _ in
            (o.reals, o.infinities, o.fractionalReals) = (2, 1, 2)
        },
        // Reals, with infinities.
        Case("REAL", .double) { o, _ in (o.reals, o.infinities, o.fractionalReals) = (2, 1, 2) },
        // Date-times.
        Case("DATETIME", .timestamp) { o, codec in zones(&o, codec, none: 2) },
        Case("DATETIME", .timestampWithTimeZone(assumedOffset: nil), "info form-changes") { o, codec in
            zones(&o, codec, utc: 2)
        },
        Case("DATETIME", .timestamp, "info zone-mixed") { o, codec in zones(&o, codec, none: 1, utc: 1) },
        Case("DATETIME", .timestampWithTimeZone(assumedOffset: nil), "info offset-dropped") { o, codec in
            zones(&o, codec, utc: 1, offset: 1)
        },
        Case("DATETIME", .text, "loss column-widened") { o, codec in zones(&o, codec, none: 1, offset: 1) },
        Case("DATETIME", .text, "loss column-widened") { o, codec in zones(&o, codec, none: 1, bad: 1) },
        Case("DATETIME", .integer, "info type-from-values") { o, _ in
            (o.integers, o.integersBeyondBoolean) = (2, 2)
        },
        Case("DATETIME", .textFromNumbers, "loss column-widened") { o, codec in
            zones(&o, codec, none: 1)
            o.integers = 1
            o.candidate?.misfits = 1
        },
        // Text.
        Case("VARCHAR(3)", .text) { o, _ in o.texts = 2 },
        Case("TEXT", .bytesFromText, "blocker unstorable-text") { o, _ in (o.texts, o.textsWithNUL) = (2, 1)
        },
        Case("TEXT", .bytesFromText, "blocker unstorable-text") { o, _ in
            (o.texts, o.textsInvalidUTF8) = (2, 1)
        },
        Case("TEXT", .bytesFromText, "loss text-as-bytes", policy: .bytea) { o, _ in
            (o.texts, o.textsWithNUL) = (2, 1)
        },
        Case("TEXT", .bytesFromText, "blocker text-mixed-with-blobs") { o, _ in (o.texts, o.blobs) = (2, 1) },
        Case("TEXT", .bytesFromText, "loss text-as-bytes", policy: .bytea) { o, _ in
            (o.texts, o.blobs, o.textEqualsBlob) = (2, 1, false)
        },
        Case("TEXT", .bytesFromText, "blocker text-mixed-with-blobs", policy: .bytea) { o, _ in
            (o.texts, o.blobs, o.textEqualsBlob) = (2, 1, true)
        },
        Case("TEXT", .bytesFromText, "blocker text-mixed-with-blobs", policy: .bytea) { o, _ in
            (o.texts, o.blobs) = (2, 1)
        },
        Case("TEXT", .bytesFromText, "blocker text-mixed-with-blobs", policy: .bytea) { o, _ in
            (o.integers, o.blobs, o.textEqualsBlob) = (2, 1, false)
        },
        Case("BLOB", .text, "info type-from-values") { o, _ in o.texts = 2 },
        // Without a type.
        Case(nil, .integer) { o, _ in (o.integers, o.reals) = (1, 1) },
        Case(nil, .double) { o, _ in o.reals = 1 },
        Case(nil, .textFromNumbers, "blocker numbers-mixed-with-text") { o, _ in
            (o.integers, o.texts) = (1, 1)
        },
        Case(nil, .textFromNumbers, "loss numbers-as-text", override: .text) { o, _ in
            (o.integers, o.texts) = (1, 1)
        },
        Case("STRING", .textFromNumbers, "loss column-widened") { o, _ in (o.integers, o.texts) = (1, 1) },
        Case("STRING", .textFromNumbers, "blocker numbers-mixed-with-text") { o, _ in
            (o.integers, o.texts, o.textsLookingNumeric) = (1, 1, 1)
        },
        // By value.
        Case("JSON", .json, "info form-changes") { o, codec in judged(&o, codec, texts: 2, changes: 2) },
        Case("UUID", .uuid) { o, codec in judged(&o, codec, texts: 2) },
        Case("DATE", .text, "loss column-widened") { o, codec in judged(&o, codec, texts: 2, bad: 1) },
        // Overrides.
        Case("TEXT", .integer, "blocker override-vetoed", override: .bigint) { o, _ in o.texts = 1 },
        Case("TEXT", .date, override: .date) { o, codec in judged(&o, codec, texts: 2) },
        Case("TEXT", .date, "blocker override-vetoed", override: .date) { o, codec in
            judged(&o, codec, texts: 2, bad: 1)
        },
        Case("INT", .boolean, override: .boolean) { o, codec in
            o.integers = 2
            o.candidate = CandidateObservation(codec: codec)
        },
        Case("TEXT", .textFromNumbers, "blocker override-vetoed", override: .text) { o, _ in
            (o.texts, o.blobs) = (1, 1)
        },
    ]

    @Test(arguments: cases)
    func `follows the declaration until the data vetoes`(_ example: Case) throws {
        var options = PlanOptions.native
        options.unstorableText = example.policy
        if let type = example.override {
            options.overrides = [ColumnOverride(table: "T", column: "C", type: type)]
        }
        let column = ColumnDefinition("c", example.declared)
        let table = CreateTable(name: "t", columns: [column])
        let proposal = try #require(TypeRules.proposal(for: column, in: table, options: options))
        var observed = ColumnObservation()
        example.observed(&observed, proposal.codec)
        let question = TypeQuestion(
            at: Location("t", column: "c"), declaredType: example.declared,
            affinity: Affinity(declaredType: example.declared), proposal: proposal, observed: observed,
            unstorableText: example.policy)
        let decision = question.decide()
        #expect(decision.codec == example.codec)
        let findings = decision.findings.map { "\($0.severity.rawValue) \($0.code.rawValue)" }
        if let finding = example.finding {
            #expect(findings.contains(finding))
        } else {
            #expect(findings.isEmpty)
        }
        #expect(
            decision.findings.allSatisfy {
                $0.message.hasSuffix(".") && $0.remedy?.hasSuffix(".") ?? true
                    || $0.remedy?.contains("=") ?? false
            })
    }

    private static func zones(
        _ observed: inout ColumnObservation, _ codec: ValueCodec, none: Int64 = 0, utc: Int64 = 0,
        offset: Int64 = 0,
        bad: Int64 = 0
    ) {
        observed.texts = none + utc + offset + bad
        var candidate = CandidateObservation(codec: codec)
        (candidate.withoutZone, candidate.inUTC, candidate.withOffset) = (none, utc, offset)
        (candidate.fits, candidate.misfits) = (none + utc, bad)
        observed.candidate = candidate
    }

    private static func judged(
        _ observed: inout ColumnObservation, _ codec: ValueCodec, texts: Int64, changes: Int64 = 0,
        bad: Int64 = 0
    ) {
        observed.texts = texts
        var candidate = CandidateObservation(codec: codec)
        (candidate.fits, candidate.misfits, candidate.formChanges) = (texts - bad, bad, changes)
        observed.candidate = candidate
    }

    @Test(arguments: [
        ("bigint", PostgresType.bigint), ("Double  Precision", .doublePrecision),
        ("numeric(10, 2)", .numeric(NumericBounds(precision: 10, scale: 2))),
        ("NUMERIC", .numeric(nil)), ("timestamp with time zone", .timestamptz), ("jsonb", .jsonb),
        ("varchar(10)", .varchar(10)), ("integer", .integer), ("inet", .inet),
    ])
    func `type names are read`(_ text: String, _ type: PostgresType) {
        #expect(TypeNames.parse(text) == type)
    }

    @Test(arguments: [
        "", "money", "text(3)", "numeric(2,3)", "numeric(a)", "integer; DROP", "varchar(0)", "char(10)",
    ])
    func `other type names are not`(_ text: String) { #expect(TypeNames.parse(text) == nil) }
}
