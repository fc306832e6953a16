internal import SQLiteClient
internal import Synchronization

/// How often a connection compiled and how often it did not have to.
final class SQLiteCounters: Sendable {
    let compilations = Atomic(0)
    let cacheHits = Atomic(0)
    let interruption: SQLiteInterruption

    init(_ interruption: SQLiteInterruption) { self.interruption = interruption }

    /// Only the connection's own thread counts, so a load and a store do; an addition would lock the bus.
    @inline(__always) func noteCacheHit() {
        cacheHits.store(cacheHits.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
    }
}

/// A compiled statement and what is known of it without running it.
final class CachedStatement {
    let statement: SQLiteStatement
    let text: String
    let parameters: SQLiteParameters
    /// An INSERT, UPDATE or DELETE, whose rows count.
    let countsChanges: Bool
    /// It leaves something behind in the connection.
    let touchesSession: Bool
    let isReadOnly: Bool
    fileprivate(set) var isInUse = true
    /// Text or bytes are bound, which take memory.
    var holdsValues = false
    fileprivate var lastUse: UInt64 = 0
    fileprivate let isKept: Bool
    /// How the program wrote it the last time.
    fileprivate var shape: StatementShape?
    private let isASCII: Bool

    /// Whether this is its text, byte for byte: `==` also takes "e\u{301}" for "\u{E9}", which as a literal are two.
    fileprivate func has(_ text: String) -> Bool {
        self.text.utf8.count == text.utf8.count && self.text == text
            && (isASCII || self.text.utf8.elementsEqual(text.utf8))
    }

    fileprivate init(
        _ statement: SQLiteStatement, _ text: String, _ words: StatementWords, isKept: Bool
    ) throws {
        self.statement = statement
        self.text = text
        self.isKept = isKept
        isASCII = text.utf8.allSatisfy { $0 < 128 }
        parameters = try SQLiteParameters(of: statement)
        isReadOnly = statement.isReadOnly
        countsChanges = words.isChange && !isReadOnly
        touchesSession = words.touchesSession(text)
    }
}

/// The compiled statements of one connection, by their text; the least recently used one gives way.
///
/// A statement that is running cannot be run again, so a nested query with the same text gets one of its own for
/// the time being.
final class SQLiteStatementCache {
    private let connection: SQLiteConnection
    private let capacity: Int
    private let counters: SQLiteCounters
    private var statements: [String: CachedStatement] = [:]
    /// The last one taken: a loop over one statement finds it by its literals, without text and without hashing.
    private var recent: CachedStatement?
    private var clock: UInt64 = 0

    init(_ connection: SQLiteConnection, capacity: Int, _ counters: SQLiteCounters) {
        self.connection = connection
        self.capacity = max(0, capacity)
        self.counters = counters
    }

    /// Returns the statement, ready to be bound, and compiled if it was not.
    func take(_ statement: RenderedSQL) throws -> CachedStatement {
        if let recent, !recent.isInUse, let shape = recent.shape, shape.fits(statement) {
            return taken(recent)
        }
        let found = try take(statement.text)
        if found.shape?.fits(statement) != true { found.shape = StatementShape(statement) }
        return found
    }

    /// As for a statement that is one text.
    func take(_ text: String) throws -> CachedStatement {
        if let known = statements[text], !known.isInUse, known.has(text) {
            recent = known
            return taken(known)
        }
        let compiled = try compile(text, mayKeep: capacity > 0 && statements[text] == nil)
        if compiled.isKept {
            makeRoom()
            clock &+= 1
            compiled.lastUse = clock
            statements[text] = compiled
            recent = compiled
        }
        return compiled
    }

    private func taken(_ known: CachedStatement) -> CachedStatement {
        counters.noteCacheHit()
        clock &+= 1
        known.isInUse = true
        known.lastUse = clock
        return known
    }

    /// Takes it back after use, whatever became of it.
    func giveBack(_ used: CachedStatement) {
        used.statement.reset()
        if used.holdsValues {
            used.statement.clearBindings()
            used.holdsValues = false
        }
        used.isInUse = false
        if !used.isKept { used.statement.finalize() }
    }

    func removeAll() {
        for statement in statements.values { statement.statement.finalize() }
        statements = [:]
        recent = nil
    }

    private func makeRoom() {
        guard statements.count >= capacity else { return }
        let oldest = statements.values.filter { !$0.isInUse }.min { $0.lastUse < $1.lastUse }
        guard let oldest else { return }
        statements[oldest.text] = nil
        if recent === oldest { recent = nil }
        oldest.statement.finalize()
    }

    private func compile(_ text: String, mayKeep: Bool) throws -> CachedStatement {
        counters.compilations.add(1, ordering: .relaxed)
        guard !text.utf8.contains(0) else { throw StorageError.nulInStatement }
        let words = StatementWords(of: text)
        try words.check(text)
        // Many a PRAGMA does its work while it is compiled.
        let isKept = mayKeep && !words.isPragma
        let first: (statement: SQLiteStatement?, end: Int)
        do {
            first = try connection.prepareFirst(of: text, isPersistent: isKept)
        } catch {
            throw StorageError(error, statement: text)
        }
        guard let statement = first.statement else { throw StorageError.noStatement }
        guard isBlank(text, from: first.end) else {
            statement.finalize()
            throw StorageError.severalStatements(text)
        }
        do {
            return try CachedStatement(statement, text, words, isKept: isKept)
        } catch {
            statement.finalize()
            throw error
        }
    }

    /// Whether nothing but space, comments and semicolons is left.
    private func isBlank(_ text: String, from offset: Int) -> Bool {
        var offset = offset
        while offset < text.utf8.count {
            do {
                let (statement, end) = try connection.prepareFirst(of: text, from: offset)
                statement?.finalize()
                guard statement == nil, end > offset else { return false }
                offset = end
            } catch {
                return false
            }
        }
        return true
    }
}

/// Which of SQLite's parameters each of our placeholders `$1`, `$2`… is.
///
/// SQLite takes them for names and numbers them as they occur; Postgres takes the number itself.
struct SQLiteParameters {
    let count: Int
    /// The SQLite parameter of each placeholder; nil when they are in order, as they nearly always are.
    private let order: [Int]?

    var isInOrder: Bool { order == nil }

    init(of statement: SQLiteStatement) throws {
        count = statement.parameterCount
        var order = [Int](repeating: 0, count: count)
        for index in 0..<count {
            guard let name = statement.parameterName(at: index + 1), name.hasPrefix("$"),
                let number = Int(name.dropFirst()), (1...count).contains(number), order[number - 1] == 0
            else { throw StorageError.foreignPlaceholder }
            order[number - 1] = index + 1
        }
        self.order = order == Array(1..<(count + 1)) ? nil : order
    }

    /// The SQLite parameter of value `index`, both from 1.
    func position(of index: Int) -> Int {
        guard let order else { return index }
        return order[index - 1]
    }
}

extension StorageError {
    static var nulInStatement: StorageError {
        StorageError(.misuse, "The statement holds the character U+0000.", fix: "Remove it.")
    }

    fileprivate static var noStatement: StorageError {
        StorageError(.misuse, "The text holds no statement.", fix: "Write one, or leave the call out.")
    }

    static func severalStatements(_ text: String) -> StorageError {
        StorageError(
            .misuse, "The text holds more than one statement.",
            fix: "Run it by executeScript(_:), or one by one.",
            statement: text)
    }

    fileprivate static var foreignPlaceholder: StorageError {
        StorageError(
            .misuse, "The statement has a placeholder that stands for no value.",
            fix: "Write \\(value), or \\(parameter: 1), \\(parameter: 2)… without a gap; never ? or :name.")
    }

    static func valueCount(_ given: Int, wanted: Int, _ text: String) -> StorageError {
        StorageError(
            .misuse, "The statement has \(wanted) placeholders, and \(given) values were given.",
            fix: "Give it one value per placeholder.", statement: text)
    }
}
