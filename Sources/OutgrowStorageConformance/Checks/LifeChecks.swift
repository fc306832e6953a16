internal import OutgrowStorage

/// How a storage begins and ends, and what it survives.
enum LifeChecks {
    static let all: [ConformanceCheck] =
        shutdown + restarts + [
            check("a storage says what it can do") { trial in
                let capabilities = trial.storage.capabilities
                try require(!capabilities.isReadOnly, "that it writes")
                try requireEqual(trial.storage.dialect, capabilities.dialect)
            },
            check("what was committed is there after the storage is opened again", needs: [.opensTwice]) {
                trial in
                try await trial.execute("INSERT INTO item VALUES (1)")
                await trial.storage.shutdown()
                try await trial.withSecondStorage { second in
                    let found = try await second.read { tx in try tx.rows("SELECT id FROM item", as: Int.self)
                    }
                    try requireEqual(found, [1])
                }
            },
        ]

    private static func check(
        _ name: String, needs: Set<ConformanceSubject.Ability> = [],
        _ body: @escaping @Sendable (Trial) async throws -> Void
    ) -> ConformanceCheck {
        ConformanceCheck(.life, name, needs: needs) { trial in
            try await trial.schema("CREATE TABLE item (id bigint PRIMARY KEY)")
            try await body(trial)
        }
    }

    private static let shutdown: [ConformanceCheck] = [
        check("after shutdown a write is refused as closed") { trial in
            await trial.storage.shutdown()
            try await requireError(.closed) { try await trial.execute("INSERT INTO item VALUES (1)") }
        },
        check("after shutdown a read is refused as closed") { trial in
            await trial.storage.shutdown()
            try await requireError(.closed) { _ = try await trial.integer("SELECT 1") }
        },
        check("after shutdown a stream is refused as closed") { trial in
            await trial.storage.shutdown()
            try await requireError(.closed) {
                for try await _ in trial.storage.stream("SELECT 1 AS n", as: Int.self) {}
            }
        },
        check("shutdown may be called twice, and by two at once") { trial in
            await trial.storage.shutdown()
            await trial.storage.shutdown()
            try await inParallel(3) { _ in await trial.storage.shutdown() }
        },
        check("shutdown of a storage that was never used ends", needs: [.opensTwice]) { trial in
            try await trial.withSecondStorage { _ in }
        },
        check("shutdown waits for what runs, and lets it commit", needs: [.opensTwice]) { trial in
            let began = Signal("the transaction begins")
            let mayEnd = Signal("the transaction may end")
            let writing = Task {
                try await trial.storage.write { tx in
                    try tx.execute("INSERT INTO item VALUES (1)")
                    began.raise()
                    try mayEnd.block()
                }
            }
            await began.wait()
            let closing = Task { await trial.storage.shutdown() }
            for _ in 0..<20 { await Task.yield() }
            mayEnd.raise()
            try await writing.value
            await closing.value
            try await trial.withSecondStorage { second in
                let count = try await second.read { tx in
                    try tx.one("SELECT count(*) FROM item", as: Int.self)
                }
                try requireEqual(count, 1)
            }
        },
        check("run ends when its task is canceled") { trial in
            let running = Task { try await trial.storage.run() }
            try requireEqual(try await trial.integer("SELECT 1"), 1)
            running.cancel()
            do { try await running.value } catch is CancellationError {} catch let error as StorageError {
                try requireEqual(error.kind, .interrupted)
            }
            try requireEqual(try await trial.integer("SELECT 1"), 1, "afterwards")
        },
        check("run ends when the storage is shut down") { trial in
            let running = Task { try await trial.storage.run() }
            try requireEqual(try await trial.integer("SELECT 1"), 1)
            await trial.storage.shutdown()
            try await running.value
        },
    ]

    private static let restarts: [ConformanceCheck] = [
        check("a storage works after the server has been restarted", needs: [.restarts]) { trial in
            try await trial.execute("INSERT INTO item VALUES (1)")
            try await trial.subject.restart?()
            // Each idle connection may be found broken once.
            _ = try await trial.writeRetrying { tx in try tx.execute("INSERT INTO item VALUES (2)") }
            try requireEqual(try await trial.integer("SELECT count(*) FROM item"), 2)
        },
        check("a transaction that was open at a restart is lost, and says so", needs: [.restarts]) { trial in
            let restart = trial.subject.restart
            let began = Signal("the transaction begins")
            let restarted = Signal("the server has been restarted")
            let task = Task {
                try await trial.storage.write(TransactionOptions(.write, attemptLimit: 1)) { tx in
                    try tx.execute("INSERT INTO item VALUES (1)")
                    began.raise()
                    try restarted.block()
                    try tx.execute("INSERT INTO item VALUES (2)")
                }
            }
            await began.wait()
            try await restart?()
            restarted.raise()
            try await requireError(.connectionLost) { try await task.value }
            let count = try await trial.writeRetrying { tx in
                try tx.one("SELECT count(*) FROM item", as: Int.self)
            }
            try requireEqual(count, 0)
        },
    ]
}
