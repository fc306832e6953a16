/// One option that a database URL may carry: a row of a table, one table for each backend.
struct DatabaseOption: Sendable {
    let name: String
    /// What its value may be, for messages: `4`, `ro|rw`.
    let form: String
    /// Returns false for a value that is not understood.
    let apply: @Sendable (inout Database.Configuration, String) -> Bool

    init(
        _ name: String, _ form: String,
        apply: @escaping @Sendable (inout Database.Configuration, String) -> Bool
    ) {
        self.name = name
        self.form = form
        self.apply = apply
    }
}

extension Database.Configuration {
    /// Takes over what the URL says.
    ///
    /// - Throws: `misuse` for an option that is not in the table or has another form; it names all that are.
    mutating func apply(
        _ options: [DatabaseURL.Option], from table: [DatabaseOption], prefix: String
    ) throws {
        for option in options {
            let row = table.first { $0.name == option.name }
            guard let row, row.apply(&self, option.value) else {
                throw StorageError(
                    .misuse,
                    row == nil
                        ? "The database URL has an option that is not known: \(prefix)\(option.name)."
                        : "The option \(prefix)\(option.name) of the database URL has a value of another form.",
                    fix: "Write one of: "
                        + table.map { "\(prefix)\($0.name)=\($0.form)" }.joined(separator: ", ") + ".")
            }
        }
    }

    static let sqliteOptions = [
        DatabaseOption("mode", "ro|rw|rwc") { configuration, text in
            // The words of SQLite's own URIs: https://sqlite.org/uri.html
            switch text {
            case "ro": configuration.isReadOnly = true
            case "rw": configuration.sqlite.access = .readWriteExisting
            case "rwc": configuration.sqlite.access = .readWrite
            default: return false
            }
            return true
        },
        DatabaseOption("durability", "normal|durable") { configuration, text in
            guard let durability = SQLiteStorage.Configuration.Durability(rawValue: text) else {
                return false
            }
            configuration.sqlite.durability = durability
            return true
        },
        DatabaseOption("readers", "4") { configuration, text in
            guard let count = Int(text), count > 0 else { return false }
            configuration.sqlite.readerCount = count
            return true
        },
        DatabaseOption("busy_timeout", "5s") { configuration, text in
            guard let duration = Duration(urlText: text) else { return false }
            configuration.sqlite.busyTimeout = duration
            return true
        },
        DatabaseOption("acquire_timeout", "30s") { configuration, text in
            guard let duration = Duration(urlText: text) else { return false }
            configuration.sqlite.acquireTimeout = duration
            return true
        },
    ]

    static let postgresOptions = [
        DatabaseOption("mode", "ro|rw") { configuration, text in
            guard text == "ro" || text == "rw" else { return false }
            configuration.isReadOnly = text == "ro"
            return true
        },
        DatabaseOption("pool", "20") { configuration, text in
            guard let count = Int(text), count > 0 else { return false }
            configuration.postgres.maximumConnections = count
            return true
        },
        DatabaseOption("acquire_timeout", "30s") { configuration, text in
            guard let duration = Duration(urlText: text) else { return false }
            configuration.postgres.acquireTimeout = duration
            return true
        },
    ]
}

extension Duration {
    /// `500ms` or `5s`; nil for anything else and for what is longer than a year.
    fileprivate init?(urlText: String) {
        let (digits, isSeconds) =
            if urlText.hasSuffix("ms") { (urlText.dropLast(2), false) } else { (urlText.dropLast(1), true) }
        guard urlText.hasSuffix("s"), let count = UInt32(digits), count <= 31_536_000 else { return nil }
        self = isSeconds ? .seconds(Int64(count)) : .milliseconds(Int64(count))
    }
}
