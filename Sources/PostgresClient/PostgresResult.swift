internal import COutgrowLibPQ
internal import Diagnostics

/// The rows a statement returned, in libpq's memory, freed with the last reference.
///
/// A `PGresult` never changes once made, so it may be read from any thread.
@safe package final class PostgresResult: @unchecked Sendable {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) { unsafe self.pointer = unsafe pointer }

    deinit { unsafe PQclear(pointer) }

    package var rowCount: Int { Int(unsafe PQntuples(pointer)) }
    package var columnCount: Int { Int(unsafe PQnfields(pointer)) }
    package var columnNames: [String] {
        (0..<columnCount).map { unsafe PQfname(pointer, Int32($0)).map { unsafe String(cString: $0) } ?? "" }
    }

    /// What the statement did, for instance `INSERT 0 5`.
    package var commandTag: String { unsafe String(cString: PQcmdStatus(pointer)) }

    /// How many rows the statement inserted, updated, deleted, moved or selected.
    package var affectedRows: Int64 { unsafe Int64(String(cString: PQcmdTuples(pointer))) ?? 0 }

    package var rows: [Row] { (0..<rowCount).map { Row(result: self, index: $0) } }
    package var firstRow: Row? { rowCount == 0 ? nil : Row(result: self, index: 0) }

    /// The text of a field, nil for NULL and outside of the result.
    package subscript(row: Int, column: Int) -> String? {
        guard let field = unsafe field(row, column) else { return nil }
        return unsafe String(decoding: field, as: UTF8.self)
    }

    /// The text of a field by the column's exact name.
    package subscript(row: Int, name: String) -> String? { self[row, position(of: name)] }

    /// The bytes of a field as the server sent them: binary after `queryBinary`, else text.
    package func bytes(_ row: Int, _ column: Int) -> [UInt8]? {
        unsafe field(row, column).map { unsafe Array($0) }
    }

    /// The position of a column; the statement's author knows its columns.
    package func position(of name: String) -> Int {
        guard let position = columnNames.firstIndex(of: name) else {
            preconditionFailure("The statement returns no column named \(name).")
        }
        return position
    }

    func field(_ row: Int, _ column: Int) -> UnsafeBufferPointer<UInt8>? {
        guard row >= 0, row < rowCount, column >= 0, column < columnCount else { return nil }
        let place = (Int32(row), Int32(column))
        guard unsafe PQgetisnull(pointer, place.0, place.1) == 0 else { return nil }
        let count = Int(unsafe PQgetlength(pointer, place.0, place.1))
        guard let start = unsafe PQgetvalue(pointer, place.0, place.1) else { return nil }
        let bytes = unsafe UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self)
        return unsafe UnsafeBufferPointer(start: bytes, count: count)
    }

    var status: ExecStatusType { unsafe PQresultStatus(pointer) }

    /// The type of a parameter, in the answer to `PQsendDescribePrepared`; 0 outside of it.
    func parameterType(_ index: Int) -> UInt32 { unsafe PQparamtype(pointer, Int32(clamping: index)) }

    func errorField(_ code: Int32) -> String? {
        unsafe PQresultErrorField(pointer, code).map { unsafe String(cString: $0) }
    }

    var errorMessage: String { unsafe String(cString: PQresultErrorMessage(pointer)) }
}

extension PostgresResult {
    /// One row of a text result.
    package struct Row: Sendable {
        package let result: PostgresResult
        package let index: Int

        package subscript(column: Int) -> String? { result[index, column] }
        package subscript(name: String) -> String? { result[index, name] }

        /// The text of a field that the statement never returns as NULL.
        package func text(_ name: String) throws -> String {
            guard let text = self[name] else { throw unexpected(nil, in: name, as: "text") }
            return text
        }

        package func int64(_ name: String) throws -> Int64? {
            guard let text = self[name] else { return nil }
            guard let number = Int64(text) else { throw unexpected(text, in: name, as: "a whole number") }
            return number
        }

        package func bool(_ name: String) throws -> Bool? {
            switch self[name] {
            case nil: return nil
            case "t": return true
            case "f": return false
            case let text?: throw unexpected(text, in: name, as: "a Boolean")
            }
        }

        private func unexpected(_ text: String?, in name: String, as type: String) -> OutgrowError {
            let found = text == nil ? "NULL" : "something else"
            return .defect(
                "The server was expected to return \(type) in column \(name), and returned \(found).")
        }
    }
}
