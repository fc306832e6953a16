import Foundation
import TestSupport
import Testing

@testable import OutgrowStorage

/// Cancellation, time limits, and locks that others hold.
@Suite struct SQLiteStoppingTests {
    @Test func `canceling the task stops the statement and rolls back`() async throws {
        let fixture = try await SQLiteFixture()
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            try await fixture.storage.write { tx in
                try tx.execute("INSERT INTO item (name) VALUES ('a')")
                start.yield()
                try tx.execute(endlessQuery)
            }
        }
        for await _ in started { break }
        task.cancel()
        let error = try await storageError { try await task.value }
        #expect(error?.kind == .interrupted)
        #expect(try await fixture.names.isEmpty)
        try await fixture.insert(["b"])
        #expect(try await fixture.names == ["b"])
        #expect(await fixture.storage.statistics.writer?.open == 1)
    }

    @Test func `a task that is canceled already does nothing`() async throws {
        let fixture = try await SQLiteFixture()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            try await fixture.storage.write { _ = try $0.execute("INSERT INTO item (name) VALUES ('a')") }
        }
        task.cancel()
        #expect(try await storageError { try await task.value }?.kind == .interrupted)
        #expect(try await fixture.names.isEmpty)
    }

    @Test func `a cancellation is seen between statements and before the commit`() async throws {
        let fixture = try await SQLiteFixture()
        for runsStatement in [true, false] {
            let task = Task {
                try await fixture.storage.write { tx in
                    try tx.execute("INSERT INTO item (name) VALUES ('a')")
                    unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                    if runsStatement { try tx.execute("SELECT 1") }
                }
            }
            #expect(try await storageError { try await task.value }?.kind == .interrupted)
        }
        #expect(try await fixture.names.isEmpty)
    }

    @Test(arguments: [TransactionOptions.Access.read, .write])
    func `the time limit stops a statement`(_ access: TransactionOptions.Access) async throws {
        let fixture = try await SQLiteFixture()
        let options = TransactionOptions(access, timeout: .milliseconds(20))
        let error = try await storageError {
            try await fixture.storage.transaction(options) { _ = try $0.execute(endlessQuery) }
        }
        #expect(error?.kind == .timeout)
        #expect(try await fixture.names.isEmpty)
    }

    @Test func `the time limit counts while others hold the connection`() async throws {
        let fixture = try await SQLiteFixture()
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let first = Task {
            try await fixture.storage.write { tx in
                start.yield()
                try tx.execute(endlessQuery)
            }
        }
        for await _ in started { break }
        let error = try await storageError {
            try await fixture.storage.write(.init(.write, timeout: .milliseconds(20))) { _ in }
        }
        #expect(error?.kind == .timeout)
        first.cancel()
        #expect(try await storageError { try await first.value }?.kind == .interrupted)
    }

    @Test func `a lock of another process is waited for, and then it is busy`() async throws {
        var configuration = SQLiteStorage.Configuration()
        configuration.busyTimeout = .milliseconds(30)
        let fixture = try await SQLiteFixture(configuration)
        let shell = try LiveShell(fixture.path)
        try shell.run("BEGIN IMMEDIATE;")
        var options = TransactionOptions.write
        let timeline = TransactionTimeline()
        options.timeline = timeline
        let error = try await storageError { try await fixture.storage.write(options) { _ in } }
        #expect(error?.kind == .busy)
        #expect(error?.remedy.contains("busyTimeout") == true)
        #expect(error?.isRetryable == true)
        #expect(timeline.record.busyCount > 1)
        // Readers do not care.
        #expect(try await fixture.names.isEmpty)
        try shell.run("COMMIT;")
        try await fixture.insert(["a"])
    }

    @Test(arguments: [false, true])
    func `opening a connection can be stopped, too`(_ isCanceled: Bool) async throws {
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let fixture = try await SQLiteFixture(
            SQLiteStorage.Configuration { setup in
                guard setup.role == .reader else { return }
                start.yield()
                try setup.execute(endlessQuery)
            })
        let options = TransactionOptions(.read, timeout: isCanceled ? nil : .milliseconds(20))
        let task = Task { try await fixture.storage.read(options) { _ in } }
        for await _ in started { break }
        if isCanceled { task.cancel() }
        #expect(
            try await storageError { try await task.value }?.kind == (isCanceled ? .interrupted : .timeout))
        #expect(await fixture.storage.statistics.readers?.open == 0)
    }

    @Test(arguments: [false, true])
    func `a file that another process keeps to itself is waited for until the end of the time`(
        _ isCanceled: Bool
    ) async throws {
        var configuration = SQLiteStorage.Configuration()
        configuration.busyTimeout = .seconds(3600)
        let fixture = try await SQLiteFixture(configuration)
        // What is left behind in the connection closes it, and with it the file.
        try await fixture.storage.write { _ = try $0.execute("CREATE TEMP TABLE t (a)") }
        let shell = try LiveShell(fixture.path)
        try shell.run("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; DELETE FROM item;")
        let options = TransactionOptions(.write, timeout: isCanceled ? nil : .milliseconds(100))
        let task = Task { try await fixture.storage.write(options) { _ in } }
        if isCanceled {
            while await fixture.storage.statistics.writer?.leased == 0 { await Task.yield() }
            task.cancel()
        }
        #expect(
            try await storageError { try await task.value }?.kind == (isCanceled ? .interrupted : .timeout))
        try shell.run("COMMIT;")
        try shell.quit()
        try await fixture.insert(["a"])
    }

    @Test func `a write goes on once the other process lets go`() async throws {
        let fixture = try await SQLiteFixture()
        let shell = try LiveShell(fixture.path)
        try shell.run("BEGIN IMMEDIATE; INSERT INTO item (name) VALUES ('theirs');")
        let task = Task { try await fixture.insert(["ours"]) }
        while await fixture.storage.statistics.busyCount < 3 { await Task.yield() }
        try shell.run("COMMIT;")
        try await task.value
        #expect(try await fixture.names == ["theirs", "ours"])
    }

    @Test func `waiting for a lock can be canceled and has a time limit`() async throws {
        var configuration = SQLiteStorage.Configuration()
        configuration.busyTimeout = .seconds(3600)
        let fixture = try await SQLiteFixture(configuration)
        let shell = try LiveShell(fixture.path)
        try shell.run("BEGIN IMMEDIATE;")
        let task = Task { try await fixture.insert(["a"]) }
        while await fixture.storage.statistics.busyCount < 3 { await Task.yield() }
        task.cancel()
        #expect(try await storageError { try await task.value }?.kind == .interrupted)
        let error = try await storageError {
            try await fixture.storage.write(.init(.write, timeout: .milliseconds(20))) { _ in }
        }
        #expect(error?.kind == .timeout)
        try shell.run("COMMIT;")
        try await fixture.insert(["b"])
        #expect(try await fixture.names == ["b"])
    }

    @Test func `a late cancellation does not reach the next transaction`() async throws {
        let fixture = try await SQLiteFixture()
        for round in 0..<200 {
            let task = Task { try await fixture.insert(["a\(round)"]) }
            let canceler = Task { task.cancel() }
            let error = try await storageError { try await task.value }
            // Nobody cancels this one.
            try await fixture.insert(["b\(round)"])
            await canceler.value
            #expect(error == nil || error?.kind == .interrupted)
        }
        let names = try await fixture.names
        #expect(names.filter { $0.hasPrefix("b") }.count == 200)
    }

    @Test func `a full database is said to be full and stays usable`() async throws {
        let fixture = try await SQLiteFixture(
            .init(preparation: { try $0.execute("PRAGMA max_page_count = 20") }))
        let text = String(repeating: "x", count: 200_000)
        for _ in 0..<2 {
            let error = try await storageError {
                try await fixture.storage.write { tx in
                    try tx.savepoint { _ = try tx.execute("INSERT INTO item (name) VALUES (\(text))") }
                }
            }
            #expect(error?.kind == .full)
        }
        try await fixture.insert(["small"])
        #expect(try await fixture.names == ["small"])
    }
}
