internal import PostgresClient
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The rows of a binary result, read by the types of their columns. A first form.
final class PostgresRows {
    var columnCount: Int { 0 }
    func columnName(at index: Int) -> String { "" }
    func isNull(_ row: Int, _ column: Int) throws -> Bool { true }
    func int64(_ row: Int, _ column: Int) throws -> Int64 { 0 }
    func double(_ row: Int, _ column: Int) throws -> Double { 0 }
    func bool(_ row: Int, _ column: Int) throws -> Bool { false }
    func string(_ row: Int, _ column: Int) throws -> String { "" }
    func bytes(_ row: Int, _ column: Int) throws -> [UInt8] { [] }
    func date(_ row: Int, _ column: Int) throws -> Date { Date(timeIntervalSince1970: 0) }
    func uuid(_ row: Int, _ column: Int) throws -> UUID { UUID() }
    func decimal(_ row: Int, _ column: Int) throws -> Decimal { 0 }
    func json(_ row: Int, _ column: Int) throws -> JSON { try JSON(text: "") }
}
