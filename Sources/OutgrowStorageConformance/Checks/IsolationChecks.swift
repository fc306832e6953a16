internal import OutgrowStorage

/// What transactions that run at the same time notice of one another: the same on every backend.
///
/// Two closures are put in order by signals, each blocking its own connection's thread. Where writes queue, the second
/// closure begins after the first has ended, so a closure waits for the other only where both can be open.
enum IsolationChecks {
    static let all: [ConformanceCheck] = writers + readers

    private static let accounts: SQL = """
        CREATE TABLE account (name text PRIMARY KEY, balance bigint NOT NULL);
        INSERT INTO account VALUES ('a', 100), ('b', 100)
        """
    private static let sum: SQL = "SELECT sum(balance)\(sqlite: "", postgres: "::bigint") FROM account"

    private static func check(
        _ name: String, needs: Set<ConformanceSubject.Ability> = [],
        _ body: @escaping @Sendable (Trial) async throws -> Void
    ) -> ConformanceCheck {
        ConformanceCheck(.isolation, name, needs: needs) { trial in
            try await trial.schema(accounts)
            try await body(trial)
        }
    }

    private static func balance(_ name: String) -> SQL { "SELECT balance FROM account WHERE name = \(name)" }

    private static let writers: [ConformanceCheck] = [
        check("a lost update is prevented by the default isolation") { trial in
            try await interleave(trial) { tx, meet in
                let old = try tx.one(balance("a"), as: Int.self)
                try meet()
                try tx.execute("UPDATE account SET balance = \(old + 10) WHERE name = 'a'")
            }
            try requireEqual(try await trial.integer(balance("a")), 120)
        },
        check("a write skew is prevented by the default isolation") { trial in
            // Together the accounts must not fall below 0; each withdrawal looks first.
            try await interleave(trial) { tx, meet in
                let all = try tx.one(sum, as: Int.self)
                try meet()
                guard all >= 150 else { return }
                let name = try tx.one(
                    "SELECT name FROM account ORDER BY balance DESC, name LIMIT 1", as: String.self)
                try tx.execute("UPDATE account SET balance = balance - 150 WHERE name = \(name)")
            }
            try requireEqual(try await trial.integer(sum), 50)
        },
        check("a write skew on different rows is prevented by the default isolation") { trial in
            // Two doctors on call; each may leave while the other stays.
            let turn = Tally()
            let names = Journal<String>()
            try await interleave(trial) { tx, meet in
                let number = turn.add()
                let name = number % 2 == 1 ? "a" : "b"
                let onCall = try tx.one("SELECT count(*) FROM account WHERE balance > 0", as: Int.self)
                try meet()
                guard onCall == 2 else { return }
                try tx.execute("UPDATE account SET balance = 0 WHERE name = \(name)")
                names.add(name)
            }
            try requireEqual(try await trial.integer("SELECT count(*) FROM account WHERE balance > 0"), 1)
        },
        check("a phantom is prevented by the default isolation") { trial in
            // At most one reservation; each insert looks first, and no row exists that could be locked.
            try await trial.schema("CREATE TABLE reservation (id bigint PRIMARY KEY, room bigint)")
            let number = Tally()
            try await interleave(trial) { tx, meet in
                let taken = try tx.one("SELECT count(*) FROM reservation WHERE room = 7", as: Int.self)
                try meet()
                if taken == 0 { try tx.execute("INSERT INTO reservation VALUES (\(number.add()), 7)") }
            }
            try requireEqual(try await trial.integer("SELECT count(*) FROM reservation"), 1)
        },
        check("an increment in place is not lost by read committed either") { trial in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await trial.storage.write(.readCommitted) { tx in
                            _ = try tx.execute("UPDATE account SET balance = balance + 1 WHERE name = 'a'")
                        }
                    }
                }
                try await group.waitForAll()
            }
            try requireEqual(try await trial.integer(balance("a")), 120)
        },
        check("of two that insert the same key one succeeds, and one learns that it exists") { trial in
            let outcomes = Journal<StorageError.Kind?>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        do {
                            _ = try await trial.writeRetrying { tx in
                                try tx.execute("INSERT INTO account VALUES ('new', \(number))")
                            }
                            outcomes.add(nil)
                        } catch let error as StorageError {
                            outcomes.add(error.kind)
                        }
                    }
                }
                try await group.waitForAll()
            }
            try requireEqual(outcomes.entries.filter { $0 == nil }.count, 1, "successes")
            try requireEqual(outcomes.entries.filter { $0 == .unique }.count, 7, "that are told it exists")
        },
    ]

    /// Runs `body` in two transactions at once. `meet` holds each until the other has come as far, where both
    /// can be open; where they cannot, it does not wait.
    private static func interleave(
        _ trial: Trial, _ body: @escaping @Sendable (Transaction, () throws -> Void) throws -> Void
    ) async throws {
        let first = Signal("the first transaction has read")
        let second = Signal("the second transaction has read")
        let canMeet = trial.storage.capabilities.hasConcurrentWriters
        @Sendable func run(_ mine: Signal, _ other: Signal) async throws {
            try await trial.writeRetrying { tx in
                try body(tx) {
                    mine.raise()
                    if canMeet { try other.block() }
                }
            }
        }
        async let one: Void = run(first, second)
        async let two: Void = run(second, first)
        _ = try await (one, two)
    }

    // What a reader sees while somebody writes.
    private static let readers: [ConformanceCheck] = [
        check("nobody reads what is not committed", needs: [.readsBesideWrites]) { trial in
            let seen = try await whileOpen(trial) { tx in
                try tx.execute("UPDATE account SET balance = 0")
            } read: { storage in
                try await storage.read { tx in try tx.one(sum, as: Int.self) }
            }
            try requireEqual(seen, 200)
            try requireEqual(try await trial.integer(sum), 0, "after the commit")
        },
        check("a stream does not see what is not committed", needs: [.readsBesideWrites]) { trial in
            let seen = try await whileOpen(trial) { tx in
                try tx.execute("INSERT INTO account VALUES ('c', 1)")
            } read: { storage in
                var rows = 0
                for try await _ in storage.stream("SELECT name FROM account", as: String.self) { rows += 1 }
                return rows
            }
            try requireEqual(seen, 2)
        },
        check("a reader is not blocked by an open writer", needs: [.readsBesideWrites]) { trial in
            let seen = try await whileOpen(trial) { tx in
                try tx.execute("DELETE FROM account")
            } read: { storage in
                var seen = 0
                for _ in 0..<20 { seen += try await storage.read { tx in try tx.one(sum, as: Int.self) } }
                return seen
            }
            try requireEqual(seen, 4_000)
        },
        check("a table being changed does not change under a reader", needs: [.readsBesideWrites]) { trial in
            try await trial.readAround(
                read: { tx in try tx.one(sum, as: Int.self) },
                write: { tx in try tx.execute("INSERT INTO account VALUES ('new', 1)") })
        },
        snapshot("a row read twice is the same", balance("a"), "UPDATE account SET balance = 5"),
        snapshot(
            "rows counted twice are as many", "SELECT count(*) FROM account",
            "INSERT INTO account VALUES ('c', 1), ('d', 1)"),
        snapshot(
            "rows that are deleted meanwhile are still there", "SELECT count(*) FROM account",
            "DELETE FROM account"),
        snapshot("a sum does not change", sum, "UPDATE account SET balance = balance + 1"),
        check("two rows read one after the other belong together", needs: [.readsBesideWrites]) { trial in
            let hasRead = Signal("the reader has read its first row")
            let hasWritten = Signal("the writer has committed")
            async let total: Int = trial.storage.read { tx in
                let first = try tx.one(balance("a"), as: Int.self)
                hasRead.raise()
                try hasWritten.block()
                return first + (try tx.one(balance("b"), as: Int.self))
            }
            await hasRead.wait()
            try await trial.storage.write { tx in
                try tx.execute("UPDATE account SET balance = balance - 50 WHERE name = 'a'")
                try tx.execute("UPDATE account SET balance = balance + 50 WHERE name = 'b'")
            }
            hasWritten.raise()
            try requireEqual(try await total, 200)
        },
        check("a writer is not blocked by an open reader", needs: [.readsBesideWrites]) { trial in
            let holder = try await Holder(trial.storage, .read)
            for _ in 0..<20 { try await trial.execute("UPDATE account SET balance = balance + 1") }
            try await holder.release()
            try requireEqual(try await trial.integer(balance("a")), 120)
        },
        check("a transaction that is rolled back is never seen", needs: [.readsBesideWrites]) { trial in
            let seen = Journal<Int>()
            do {
                try await trial.storage.write { tx in
                    try tx.execute("UPDATE account SET balance = 0")
                    throw ApplicationError(number: 1)
                }
            } catch is ApplicationError {
                seen.add(try await trial.integer(sum))
            }
            try requireEqual(seen.entries, [200])
        },
    ]

    private static func snapshot(_ title: String, _ query: SQL, _ change: SQL) -> ConformanceCheck {
        check("\(title) in a read, whatever is committed meanwhile", needs: [.readsBesideWrites]) { trial in
            try await trial.readAround(
                read: { tx in try tx.one(query, as: Int.self) }, write: { tx in try tx.execute(change) })
        }
    }

    /// Reads while a transaction is open that has run `write`; it commits afterwards.
    private static func whileOpen(
        _ trial: Trial, write: @escaping @Sendable (Transaction) throws -> Int,
        read: (any Storage) async throws -> Int
    ) async throws -> Int {
        let hasWritten = Signal("the writer has written")
        let hasRead = Signal("the reader has read")
        let writer = Task {
            defer { hasWritten.raise() }
            return try await trial.storage.write { tx in
                let count = try write(tx)
                hasWritten.raise()
                try hasRead.block()
                return count
            }
        }
        await hasWritten.wait()
        defer { hasRead.raise() }
        let seen = try await read(trial.storage)
        hasRead.raise()
        _ = try await writer.value
        return seen
    }
}

extension Trial {
    /// Reads, lets another transaction commit a change, and wants to read the same again.
    fileprivate func readAround(
        read: @escaping @Sendable (Transaction) throws -> Int,
        write: @escaping @Sendable (Transaction) throws -> Int
    ) async throws {
        let hasRead = Signal("the reader has read")
        let hasWritten = Signal("the writer has committed")
        let reader = Task {
            defer { hasRead.raise() }
            return try await storage.read { tx in
                let first = try read(tx)
                hasRead.raise()
                try hasWritten.block()
                return [first, try read(tx)]
            }
        }
        await hasRead.wait()
        defer { hasWritten.raise() }
        _ = try await storage.write { tx in try write(tx) }
        hasWritten.raise()
        let seen = try await reader.value
        try require(seen[0] == seen[1], "the same twice", found: "\(seen)")
    }
}
