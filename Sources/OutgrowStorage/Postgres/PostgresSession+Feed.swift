internal import PostgresClient

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Runs one statement for each row, many of them under way at a time.
final class PostgresStatementSink: RowSink {
    private let connection: PostgresConnection
    private let text: String
    private let buffer = ParameterBuffer()
    private var width: Int?
    private var rowStart = 0
    /// The rows in the buffer.
    private var rowCount = 0
    private var queuedRows = 0
    private var queuedBytes = 0
    private var changedRows = 0
    private var hasStarted = false

    /// How much is handed to libpq at a time: little enough to stay in the processor's first cache.
    private static let chunk = (rows: 32, bytes: 1 << 13)
    /// How much goes out before it is marked as a batch: the server works on one while the next is made.
    private static let batch = (rows: 256, bytes: 1 << 16)

    init(_ connection: PostgresConnection, _ text: String) {
        self.connection = connection
        self.text = text
    }

    func append(_ value: SQLValue) throws { try buffer.bind(value) }
    func append(_ value: Int64) throws { buffer.append(value, type: PostgresType.int8) }
    func append(_ value: Double) throws { try buffer.bind(value) }
    func append(_ value: String) throws { try buffer.bind(value) }

    func endRow() throws {
        let count = buffer.count - rowStart
        guard count == width ?? count else { throw StorageError.unevenRows }
        width = count
        rowStart = buffer.count
        rowCount += 1
        if rowCount >= Self.chunk.rows || buffer.byteCount >= Self.chunk.bytes { try queue() }
    }

    func run(_ fill: (any RowSink) throws -> Void) throws -> Int {
        do {
            try fill(self)
            if rowCount > 0 { try queue() }
            return try finish()
        } catch {
            connection.assumeIsolated { $0.abandonPipeline() }
            throw error
        }
    }

    /// Hands the rows in the buffer to libpq, and ends a batch that is large enough.
    private func queue() throws {
        let (text, buffer, width, rowCount, isFirst) = (text, buffer, width ?? 0, rowCount, !hasStarted)
        hasStarted = true
        queuedRows += rowCount
        queuedBytes += buffer.byteCount
        let endsBatch = queuedRows >= Self.batch.rows || queuedBytes >= Self.batch.bytes
        if endsBatch { (queuedRows, queuedBytes) = (0, 0) }
        changedRows += try connection.assumeIsolated { connection in
            try connection.translated(text) {
                if isFirst { try connection.startPipeline() }
                try connection.queueRows(text, buffer, width: width, count: rowCount)
                return endsBatch ? try connection.sendBatch() : 0
            }
        }
        buffer.removeAll()
        (rowStart, self.rowCount) = (0, 0)
    }

    private func finish() throws -> Int {
        guard hasStarted else { return 0 }
        let (text, hasRest) = (text, queuedRows > 0)
        return changedRows
            + (try connection.assumeIsolated { connection in
                try connection.translated(text) {
                    var changed = hasRest ? try connection.sendBatch() : 0
                    while connection.unreadBatchCount > 0 { changed += try connection.readBatch { _ in } }
                    try connection.endPipeline()
                    return changed
                }
            })
    }
}

extension PostgresConnection {
    /// Sends what is queued as one batch, and reads the batch before it. Returns how many rows that changed.
    fileprivate func sendBatch() throws -> Int {
        try syncPipeline()
        var changed = 0
        while unreadBatchCount > 1 { changed += try readBatch { _ in } }
        if hasPipelineFailed { try endPipeline() }
        return changed
    }
}

/// Copies rows into a table, in COPY's text format, which fits every type of column.
///
/// https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.2
final class PostgresCopySink: RowSink {
    private let connection: PostgresConnection
    private let statement: String
    private let width: Int
    private var block: [UInt8] = []
    private var column = 0

    private static let blockSize = 1 << 16

    init(_ connection: PostgresConnection, table: String, columns: [String]) {
        self.connection = connection
        width = columns.count
        let names = columns.map(SQL.quoted).joined(separator: ", ")
        statement = "COPY \(SQL.quoted(table)) (\(names)) FROM STDIN"
    }

    func append(_ value: SQLValue) throws {
        if let refusal = value.refusal { throw refusal }
        if column > 0 { block.append(UInt8(ascii: "\t")) }
        column += 1
        try block.appendCopyText(of: value)
    }

    func append(_ value: Int64) throws { try append(.integer(value)) }
    func append(_ value: Double) throws { try append(.real(value)) }
    func append(_ value: String) throws { try append(.text(value)) }

    func endRow() throws {
        guard column == width else { throw StorageError.unevenRows }
        column = 0
        block.append(UInt8(ascii: "\n"))
        if block.count >= Self.blockSize { try flush() }
    }

    func run(_ fill: (any RowSink) throws -> Void) throws -> Int {
        let statement = statement
        try connection.assumeIsolated { connection in
            try connection.translated(statement) {
                try connection.sendPendingBegin()
                try connection.copyIn(statement)
            }
        }
        block.reserveCapacity(Self.blockSize + 4096)
        do {
            try fill(self)
            if !block.isEmpty { try flush() }
        } catch {
            connection.assumeIsolated { $0.abandonCopy() }
            throw error
        }
        return try connection.assumeIsolated { connection in
            try connection.translated(statement) { Int(try connection.endCopy()) }
        }
    }

    private func flush() throws {
        let (block, statement) = (block, statement)
        try connection.assumeIsolated { connection in
            try connection.translated(statement) { try connection.putCopyData(block) }
        }
        self.block.removeAll(keepingCapacity: true)
    }
}

extension [UInt8] {
    /// Appends a value as COPY reads it from text: `\N` is NULL, and a backslash quotes.
    fileprivate mutating func appendCopyText(of value: SQLValue) throws {
        switch value {
        case .null: append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "N")])
        case .integer(let number): append(contentsOf: String(number).utf8)
        case .real(let number):
            let text =
                number.isInfinite ? (number < 0 ? "-Infinity" : "Infinity") : "\(number == 0 ? 0 : number)"
            append(contentsOf: text.utf8)
        case .boolean(let truth): append(UInt8(ascii: truth ? "t" : "f"))
        case .text(let text): appendQuoted(text)
        case .bytes(let bytes): appendHexadecimal(bytes)
        case .date(let date): append(contentsOf: try InstantText.text(date).utf8)
        case .uuid(let uuid): append(contentsOf: uuid.uuidString.utf8)
        case .decimal(let number): append(contentsOf: try DecimalText.text(number).utf8)
        case .json(let json): appendQuoted(json.text)
        }
    }

    private mutating func appendQuoted(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): append(contentsOf: [byte, byte])
            case UInt8(ascii: "\t"): append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
            case UInt8(ascii: "\n"): append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
            case UInt8(ascii: "\r"): append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "r")])
            default: append(byte)
            }
        }
    }

    /// `\x…`, as `bytea` reads it, with its backslash quoted.
    private mutating func appendHexadecimal(_ bytes: [UInt8]) {
        append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "\\"), UInt8(ascii: "x")])
        for byte in bytes {
            append(Self.digit(byte >> 4))
            append(Self.digit(byte & 15))
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}

extension StorageError {
    fileprivate static var unevenRows: StorageError {
        StorageError(
            .misuse, "A row has another number of values than there are columns.",
            fix: "Give each row one value for each column or placeholder.")
    }
}
