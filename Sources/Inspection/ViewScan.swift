internal import Diagnostics
internal import SQLiteClient
internal import SQLiteSyntax
package import Schema

/// Asks SQLite which storage classes the columns of a view have.
///
/// Only views whose text leaves that open are asked. A view runs what its author wrote, so it is given little:
/// a connection of its own that cannot write, load or attach, values of a bounded length, and a bounded time.
struct ViewScan {
    let reader: SourceReader
    let timeLimit: Duration

    /// More than any column of a view needs, and little for a machine.
    private static let lengthLimit = 64 << 20

    /// Throws when SQLite itself refuses the view.
    func observe(_ view: String) throws(SQLiteFailure) -> ViewObservation {
        do throws(SQLiteFailure) {
            return try read(view, trusts: false)
        } catch  where failureIsAboutTrust(error) {
            // JSON functions are not tagged innocuous before SQLite 3.41.
            return try read(view, trusts: true)
        }
    }

    private func failureIsAboutTrust(_ failure: SQLiteFailure) -> Bool {
        failure.message.contains("unsafe use of")
    }

    private func read(_ view: String, trusts: Bool) throws(SQLiteFailure) -> ViewObservation {
        let connection = try reader.openAnother()
        defer { connection.close() }
        connection.allowViews(lengthLimit: Self.lengthLimit)
        try connection.execute("PRAGMA query_only=ON")
        if trusts { try connection.execute("PRAGMA trusted_schema=ON") }
        let interruption = SQLiteInterruption(busyLimit: .seconds(10))
        connection.install(interruption)
        let ticket = interruption.arm(deadline: .now + timeLimit)
        defer { interruption.disarm(ticket) }
        let statement = try connection.prepare("SELECT * FROM \(SQLiteName.quoted(view))")
        defer { statement.finalize() }
        var observed = ViewObservation(
            classes: Array(repeating: [], count: statement.columnCount), isComplete: false)
        do throws(SQLiteFailure) {
            while try statement.step() {
                for column in observed.classes.indices {
                    guard let found = ValueClass(statement.value(at: column).storageClass) else { continue }
                    observed.classes[column].insert(found)
                }
            }
            observed.isComplete = true
        } catch  where interruption.reason == .deadline {
            return observed
        }
        return observed
    }
}

extension ValueClass {
    /// nil for NULL.
    fileprivate init?(_ found: StorageClass) {
        switch found {
        case .integer: self = .integer
        case .real: self = .real
        case .text: self = .text
        case .blob: self = .blob
        case .null: return nil
        }
    }
}

extension Inspector {
    /// Asks the views `names` what their columns hold.
    ///
    /// - Parameter timeLimit: for each view; all together are given five times as much.
    package func observe(
        views names: [String], of schema: SourceSchema, timeLimit: Duration = .seconds(2)
    ) throws -> SourceSchema {
        var schema = schema
        let end = ContinuousClock.now + timeLimit * 5
        for name in names {
            guard let position = schema.views.firstIndex(where: { $0.name == name }) else { continue }
            let left = end - .now
            let scan = ViewScan(reader: reader, timeLimit: min(timeLimit, max(left, .zero)))
            let none = ViewObservation(classes: [], isComplete: false)
            do throws(SQLiteFailure) {
                schema.views[position].observed = try scan.observe(name)
            } catch {
                // A view that SQLite cannot run either; its columns stay open.
                schema.views[position].observed = none
            }
        }
        return schema
    }
}
