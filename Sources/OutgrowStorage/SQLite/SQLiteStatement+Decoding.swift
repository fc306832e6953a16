internal import SQLiteClient
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

// A first form.
extension SQLiteStatement {
    func columnName(at index: Int) -> String { "" }
    func checked(_ index: Int) throws -> SQLiteStatement { self }
    func int64(at index: Int) throws -> Int64 { value(at: index).integer }
    func double(at index: Int) throws -> Double { value(at: index).real }
    func bool(at index: Int) throws -> Bool { value(at: index).integer != 0 }
    func string(at index: Int) throws -> String { text(at: index) ?? "" }
    func bytes(at index: Int) throws -> [UInt8] { [] }
    func date(at index: Int) throws -> Date { Date(timeIntervalSince1970: 0) }
    func uuid(at index: Int) throws -> UUID { UUID() }
    func decimal(at index: Int) throws -> Decimal { 0 }
    func json(at index: Int) throws -> JSON { try JSON(text: "") }
}
