import Synchronization
import Testing

@testable import OutgrowStorage

/// The shell around `LeaseBook`, with connections that are numbers.
@Suite struct ConnectionPoolTests {
    /// Opens 1, 2, 3, …; remembers what was closed; some are unwell, and opening may fail.
    final class Source: Sendable {
        struct State {
            var opened = 0
            var closed: [Int] = []
            var unwell: Set<Int> = []
            var failures = 0
            var served: [Int] = []
        }
        let state = Mutex(State())
        struct Refused: Error {}

        func pool(_ limits: ConnectionPool<Int>.Limits) -> ConnectionPool<Int> {
            ConnectionPool(
                limits,
                open: { [self] _ in
                    try state.withLock { state in
                        if state.failures > 0 {
                            state.failures -= 1
                            throw Refused()
                        }
                        state.opened += 1
                        return state.opened
                    }
                },
                isHealthy: { [self] connection, _ in state.withLock { !$0.unwell.contains(connection) } },
                close: { [self] connection in state.withLock { $0.closed.append(connection) } })
        }
    }

    let source = Source()

    private func kind(_ body: () async throws -> Void) async -> StorageError.Kind? {
        do { try await body() } catch let error as StorageError { return error.kind } catch {}
        return nil
    }

    /// Waits, without sleeping, until as many requests are parked.
    private func parked(_ count: Int, in pool: ConnectionPool<Int>) async {
        while await pool.statistics.waiting != count { await Task.yield() }
    }

    @Test func `a connection that came back is lent again`() async throws {
        let pool = source.pool(.init(maximum: 2))
        let lease = try await pool.acquire()
        await pool.release(lease, isUsable: true)
        #expect(try await pool.acquire().connection == lease.connection)
        #expect(await pool.statistics == PoolStatistics(open: 1, leased: 1, waiting: 0, maximum: 2))
    }

    @Test func `who waits gets the connection that comes back`() async throws {
        let pool = source.pool(.init(maximum: 1))
        let lease = try await pool.acquire()
        async let second = pool.acquire()
        await parked(1, in: pool)
        await pool.release(lease, isUsable: true)
        #expect(try await second.connection == 1)
    }

    @Test func `who waits is served in the order of asking`() async throws {
        let pool = source.pool(.init(maximum: 1))
        let first = try await pool.acquire()
        var tasks: [Task<Void, any Error>] = []
        for number in 1...8 {
            tasks.append(
                Task { [source] in
                    let lease = try await pool.acquire()
                    source.state.withLock { $0.served.append(number) }
                    await pool.release(lease, isUsable: true)
                })
            await parked(number, in: pool)
        }
        await pool.release(first, isUsable: true)
        for task in tasks { try await task.value }
        #expect(source.state.withLock { $0.served } == Array(1...8))
    }

    @Test func `a broken connection is closed and its place given on`() async throws {
        let pool = source.pool(.init(maximum: 1))
        let lease = try await pool.acquire()
        async let second = pool.acquire()
        await parked(1, in: pool)
        await pool.release(lease, isUsable: false)
        #expect(try await second.connection == 2)
        #expect(source.state.withLock { $0.closed } == [1])
    }

    @Test func `a connection that cannot be opened leaves no hole`() async throws {
        let pool = source.pool(.init(maximum: 1))
        source.state.withLock { $0.failures = 1 }
        await #expect(throws: Source.Refused.self) { _ = try await pool.acquire() }
        #expect(await pool.statistics.open == 0)
        #expect(try await pool.acquire().connection == 1)
    }

    @Test func `waiting ends at the limit`() async throws {
        let pool = source.pool(.init(maximum: 1, acquireTimeout: .milliseconds(1)))
        _ = try await pool.acquire()
        #expect(await kind { _ = try await pool.acquire() } == .poolTimeout)
        #expect(await pool.statistics.waiting == 0)
    }

    @Test func `canceling ends the waiting`() async throws {
        let pool = source.pool(.init(maximum: 1))
        let lease = try await pool.acquire()
        let waiting = Task { try await pool.acquire() }
        await parked(1, in: pool)
        waiting.cancel()
        #expect(await kind { _ = try await waiting.value } == .interrupted)
        await pool.release(lease, isUsable: true)
        #expect(await pool.statistics == PoolStatistics(open: 1, leased: 0, waiting: 0, maximum: 1))
    }

    @Test func `an unwell connection is replaced before it is lent`() async throws {
        let pool = source.pool(.init(maximum: 1, healthCheckAfter: .zero))
        await pool.release(try await pool.acquire(), isUsable: true)
        source.state.withLock { $0.unwell = [1] }
        #expect(try await pool.acquire().connection == 2)
        #expect(source.state.withLock { $0.closed } == [1])
    }

    @Test func `a connection past its lifetime is not kept`() async throws {
        let pool = source.pool(.init(maximum: 1, lifetime: .zero))
        await pool.release(try await pool.acquire(), isUsable: true)
        #expect(source.state.withLock { $0.closed } == [1])
        #expect(try await pool.acquire().connection == 2)
    }

    @Test func `maintenance closes what is idle for too long`() async throws {
        let pool = source.pool(.init(maximum: 1, idleTimeout: .zero))
        await pool.release(try await pool.acquire(), isUsable: true)
        await pool.maintain()
        #expect(await pool.statistics.open == 0)
    }

    @Test func `shutdown refuses who waits, and waits for who works`() async throws {
        let pool = source.pool(.init(maximum: 1))
        let lease = try await pool.acquire()
        let waiting = Task { try await pool.acquire() }
        await parked(1, in: pool)
        async let ended: Void = pool.shutdown()
        #expect(await kind { _ = try await waiting.value } == .closed)
        #expect(await kind { _ = try await pool.acquire() } == .closed)
        await pool.release(lease, isUsable: true)
        await ended
        #expect(source.state.withLock { $0.closed } == [1])
        await pool.shutdown()
    }
}
