internal import SQLiteClient

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

// Values on their way in; SQLite copies what it is given.
extension SQLiteSession {
    func bind(_ parts: [SQL.Part], to used: CachedStatement) throws {
        guard parts.count == used.parameters.count else {
            throw StorageError.valueCount(parts.count, wanted: used.parameters.count, used.text)
        }
        var index = 0
        for part in parts {
            index += 1
            let position = used.parameters.position(of: index)
            switch part.parameter {
            case .value(let value): try bind(value, at: position, of: used)
            case .list(let values, _): try bind(text: try ListText.json(values), at: position, of: used)
            }
        }
    }

    /// Binds one value as the class that ``SQLValue`` documents.
    func bind(_ value: SQLValue, at position: Int, of used: CachedStatement) throws {
        let statement = used.statement
        do {
            switch value {
            case .null: try statement.bindNull(at: position)
            case .integer(let number): try statement.bind(number, at: position)
            case .boolean(let truth): try statement.bind(truth ? 1 : 0 as Int64, at: position)
            case .bytes(let bytes):
                used.holdsValues = true
                try statement.bind(bytes, at: position)
            case .text(let text):
                used.holdsValues = true
                if try !statement.bindTextWithoutNUL(text, at: position), let refusal = value.refusal {
                    throw refusal
                }
            case .real(let number):
                if number.isNaN, let refusal = value.refusal { throw refusal }
                // Makes a zero of a negative zero, and nothing of any other number.
                try statement.bind(number + 0.0, at: position)
            case .uuid(let uuid): try bind(text: uuid.uuidString.lowercased(), at: position, of: used)
            case .date(let date): try bind(text: try InstantText.text(date), at: position, of: used)
            case .decimal(let decimal):
                try bind(text: try DecimalText.text(decimal), at: position, of: used)
            case .json(let json):
                if let refusal = value.refusal { throw refusal }
                try bind(text: json.text, at: position, of: used)
            }
        } catch let failure as SQLiteFailure {
            throw error(failure, used.text)
        }
    }

    private func bind(text: String, at position: Int, of used: CachedStatement) throws {
        used.holdsValues = true
        do {
            try used.statement.bind(text, at: position)
        } catch {
            throw self.error(error, used.text)
        }
    }
}

/// Binds the values of rows to one statement, and runs it at the end of each.
final class SQLiteRowSink: RowSink {
    private let session: SQLiteSession
    private let used: CachedStatement
    private let binder: SQLiteRowBinder
    private let interruption: SQLiteInterruption
    /// Nil when the statement changes no rows.
    private let counting: SQLiteConnection?
    private let width: Int
    private let isInOrder: Bool
    private var valueCount = 0
    private var changes = 0

    init(_ session: SQLiteSession, _ used: CachedStatement) {
        self.session = session
        self.used = used
        binder = SQLiteRowBinder(used.statement)
        interruption = session.interruption
        counting = used.countsChanges ? session.connection : nil
        width = used.parameters.count
        isInOrder = used.parameters.isInOrder
        // Of the last row, or of one that was not run.
        used.holdsValues = true
    }

    func append(_ value: SQLValue) throws {
        switch value {
        case .integer(let number): try append(number)
        case .real(let number): try append(number)
        case .text(let text): try append(text)
        case .bytes(let bytes):
            try translated { (index) throws(SQLiteFailure) in try binder.bind(bytes, at: index) }
        default: try session.bind(value, at: try nextPosition(), of: used)
        }
    }

    func append(_ value: Int64) throws {
        try translated { (index) throws(SQLiteFailure) in try binder.bind(value, at: index) }
    }

    func append(_ value: Double) throws {
        if value.isNaN, let refusal = SQLValue.real(value).refusal { throw refusal }
        try translated { (index) throws(SQLiteFailure) in try binder.bind(value + 0.0, at: index) }
    }

    func append(_ value: String) throws {
        var isRefused = false
        try translated { (index) throws(SQLiteFailure) in
            isRefused = try !binder.bindTextWithoutNUL(value, at: index)
        }
        if isRefused, let refusal = SQLValue.text(value).refusal { throw refusal }
    }

    /// The SQLite parameter of the next value.
    @inline(__always) private func nextPosition() throws -> Int {
        let count = valueCount + 1
        guard count <= width else { throw StorageError.valueCount(count, wanted: width, used.text) }
        valueCount = count
        return isInOrder ? count : used.parameters.position(of: count)
    }

    @inline(__always) private func translated(_ body: (Int) throws(SQLiteFailure) -> Void) throws {
        let position = try nextPosition()
        do {
            try body(position)
        } catch {
            throw session.error(error, used.text)
        }
    }

    func endRow() throws {
        guard valueCount == width else {
            throw StorageError.valueCount(valueCount, wanted: width, used.text)
        }
        valueCount = 0
        if interruption.reason != nil { try session.checkStop() }
        do {
            try binder.run()
        } catch {
            throw session.error(error, used.text)
        }
        if let counting { changes += counting.changes }
    }

    /// How many rows were changed in all.
    func finished() throws -> Int {
        guard valueCount == 0 else {
            throw StorageError(
                .misuse, "The last row was not ended.", fix: "Call endRow() after its values.")
        }
        return changes
    }
}

extension RowTarget {
    /// The statement that takes a row.
    func statement() throws -> String {
        switch self {
        case .statement(let text): return text
        case .table(_, let columns) where columns.isEmpty:
            throw StorageError(.misuse, "No columns are named.", fix: "Name those that the rows hold.")
        case .table(let name, let columns):
            let names = columns.map(SQL.quoted).joined(separator: ", ")
            let places = (1...columns.count).map(SQL.placeholder).joined(separator: ", ")
            return "INSERT INTO \(SQL.quoted(name)) (\(names)) VALUES (\(places))"
        }
    }
}
