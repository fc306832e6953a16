import CopyEngine
import Schema
import Testing

@Suite struct PartPlanningTests {
    struct Range: Sendable, CustomTestStringConvertible {
        var first: Int64
        var last: Int64
        var testDescription: String { "\(first)...\(last)" }
    }

    static let ranges = [
        Range(first: 1, last: 1_000_000), Range(first: -5, last: 5), Range(first: .min, last: .max),
        Range(first: 0, last: 2),
        Range(first: .max - 3, last: .max), Range(first: .min, last: .min + 2), Range(first: -1, last: .max),
    ]

    @Test(arguments: ranges)
    func `parts cover every rowid once`(_ range: Range) {
        let parts = table(range, byteCount: 1 << 30).parts(at: 3, byteCount: 32 << 20)
        #expect(parts.count >= 2 && parts.count <= 4096)
        #expect(parts.first?.lower == nil && parts.last?.upper == nil)
        #expect(parts.allSatisfy { $0.table == 3 })
        for (one, next) in zip(parts, parts.dropFirst()) {
            #expect(next.number == one.number + 1)
            #expect(one.upper.map { $0 + 1 } == next.lower)
            #expect(one.lower ?? .min <= one.upper ?? .max)
        }
    }

    @Test func `a small table, one row, and a table without rowid are one part`() {
        let wide = Range(first: 1, last: 100)
        #expect(table(wide, byteCount: 1000).parts(at: 0, byteCount: 32 << 20).count == 1)
        #expect(
            table(Range(first: 7, last: 7), byteCount: 1 << 30).parts(at: 0, byteCount: 32 << 20).count == 1)
        var keyed = table(wide, byteCount: 1 << 30)
        keyed.rowIDName = nil
        let parts = keyed.parts(at: 0, byteCount: 32 << 20)
        #expect(parts.count == 1 && parts[0].lower == nil && parts[0].upper == nil)
    }

    private func table(_ range: Range, byteCount: Int64) -> TablePlan {
        TablePlan(
            source: "t", target: "t", rowIDName: "rowid", columns: [], estimatedRowCount: 10,
            estimatedByteCount: byteCount, minRowID: range.first, maxRowID: range.last)
    }
}
