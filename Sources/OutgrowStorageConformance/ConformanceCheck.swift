internal import OutgrowStorage

/// One promise of `Storage`, and the code that finds out whether a storage keeps it.
///
/// Every run makes a database of its own and closes what it opened, so checks may run in any order and side by side.
public struct ConformanceCheck: Sendable, CustomStringConvertible {
    /// What a check is about.
    public enum Area: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
        /// Every value comes back equal, and what one engine cannot hold both refuse.
        case values
        /// `IN` and `NOT IN` with lists of every type and length.
        case lists
        /// The same expression means the same in both dialects.
        case dialect
        /// What statements change, and which are refused.
        case statements
        /// Reading rows, and reading them wrongly.
        case rows
        /// One failure, one kind; no value in any text.
        case errors
        /// Commit, rollback, savepoints, read-only.
        case transactions
        /// Time limits and canceled tasks.
        case cancellation
        /// What transactions notice of one another.
        case isolation
        /// Rows as an asynchronous sequence.
        case streams
        /// The bound on connections, and their return.
        case pool
        /// Shutdown, reopening, restarts of the server.
        case life

        public var description: String { rawValue }
    }

    /// How a check ended that did not fail.
    public enum Outcome: Sendable, Hashable {
        /// The storage keeps the promise.
        case passed
        /// The subject lacks what the check needs, so nothing is known about the promise.
        case skipped(missing: [ConformanceSubject.Ability])
    }

    /// The promise, as a sentence; unique among the checks.
    public let name: String
    /// What it is about.
    public let area: Area
    /// What a subject must be able to do before the check can say anything.
    public let needs: Set<ConformanceSubject.Ability>
    let pool: ConformancePool
    let body: @Sendable (Trial) async throws -> Void

    init(
        _ area: Area, _ name: String, needs: Set<ConformanceSubject.Ability> = [],
        pool: ConformancePool = ConformancePool(), _ body: @escaping @Sendable (Trial) async throws -> Void
    ) {
        self.area = area
        self.name = name
        self.needs = needs
        self.pool = pool
        self.body = body
    }

    public var description: String { "\(area): \(name)" }

    /// Runs the check on a new database of `subject`.
    ///
    /// - Throws: ``ConformanceFailure`` when the promise is not kept, or not within the subject's deadline.
    public func run(on subject: ConformanceSubject) async throws -> Outcome {
        let missing = needs.subtracting(subject.abilities).sorted { $0.rawValue < $1.rawValue }
        guard missing.isEmpty else { return .skipped(missing: missing) }
        do {
            try await withDeadline(subject.deadline) {
                try await self.runNow(on: subject)
            }
        } catch let failure as Unexpected {
            throw ConformanceFailure(self, on: subject, failure)
        } catch {
            let found = "an error: " + String(describing: error)
            throw ConformanceFailure(self, on: subject, Unexpected(expected: "no error", found: found))
        }
        return .passed
    }

    private func runNow(on subject: ConformanceSubject) async throws {
        let database = try await subject.makeDatabase()
        do {
            let storage = try await database.open(pool)
            do {
                try await body(Trial(storage, database, subject))
            } catch {
                await storage.shutdown()
                throw error
            }
            await storage.shutdown()
        } catch {
            await database.remove()
            throw error
        }
        await database.remove()
    }
}
