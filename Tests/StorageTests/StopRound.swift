import Foundation
import TestSupport
import Testing

@testable import OutgrowStorage

/// Stops pieces of work at random moments, three at once, and looks each time at what they left.
///
/// Everything random comes from the seed, but for the time that things take.
final class StopRound {
    enum Way: String, CaseIterable {
        case cancellation, timeout
        /// The server ends all sessions.
        case termination
    }

    struct Plan: Sendable {
        var work: StoppableWork
        var run: Int
        var delay: Duration
    }

    struct Outcome: Sendable {
        var plan: Plan
        var error: StorageError?
        /// From the moment at which it was to stop; negative when it had ended before.
        var lateness: Duration
    }

    private let storage: any Storage
    private let works: [StoppableWork]
    private let way: Way
    private let seed: UInt64
    private var generator: SplitMix64
    private var lastRun = 0
    private var durations: [String: Duration] = [:]
    /// How many pieces of work did not come to their end.
    private var stops = 0

    /// A session that ends is another try for whoever retries, so perhaps none is seen to fail.
    var hidesStops = false
    /// Ends all sessions of the storage.
    var terminate: @Sendable () async throws -> Void = {}
    /// What still works for the storage, as the database itself says it.
    var isAtRest: @Sendable () async throws -> [String] = { [] }

    init(_ storage: any Storage, _ works: [StoppableWork], _ way: Way, seed: UInt64) {
        (self.storage, self.works, self.way, self.seed) = (storage, works, way, seed)
        generator = SplitMix64(seed: seed)
    }

    /// A sanitizer makes everything slower.
    private static let patience: Duration =
        ProcessInfo.processInfo.environment["OUTGROW_DEADLINE_SECONDS"] == nil ? .seconds(3) : .seconds(30)

    func repeated(_ count: Int) async throws {
        try await measure()
        for round in 0..<count {
            let plans = (0..<3).map { _ in plan() }
            let outcomes = try await stopped(plans)
            let place = "seed \(seed), round \(round), " + plans.map(\.description).joined(separator: ", ")
            for outcome in outcomes { try await judge(outcome, place) }
            try await requireRest(place)
            try await useOnce(place)
        }
        #expect(stops > 0 || hidesStops, "Nothing was stopped in \(count) rounds.")
    }

    /// How long each takes when nobody stops it; the first time is longer than those that follow.
    private func measure() async throws {
        for work in works + works {
            lastRun += 1
            let start = ContinuousClock.now
            try await work.run(storage, TransactionOptions(.write), lastRun)
            durations[work.name] = start.duration(to: .now)
            try await #require(rows(of: lastRun) == work.rows, "\(work.name)")
        }
    }

    private func plan() -> Plan {
        lastRun += 1
        let work = works[Int.random(in: works.indices, using: &generator)]
        let delay = (durations[work.name] ?? .zero) * Double.random(in: 0...1.5, using: &generator)
        return Plan(work: work, run: lastRun, delay: delay)
    }

    private func stopped(_ plans: [Plan]) async throws -> [Outcome] {
        let (storage, way, terminate) = (storage, way, terminate)
        let delay = plans[0].delay
        let termination = Task {
            guard way == .termination else { return }
            try await onThread { _ = usleep(UInt32(delay / .microseconds(1))) }
            try await terminate()
        }
        let outcomes = try await withThrowingTaskGroup(of: Outcome.self) { group in
            for plan in plans {
                group.addTask { try await Self.outcome(of: plan, on: storage, way) }
            }
            var outcomes: [Outcome] = []
            for try await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
        try await termination.value
        return outcomes
    }

    private static func outcome(of plan: Plan, on storage: any Storage, _ way: Way) async throws -> Outcome {
        let options = TransactionOptions(.write, timeout: way == .timeout ? plan.delay : nil)
        let start = ContinuousClock.now
        let task = Task { try await plan.work.run(storage, options, plan.run) }
        if way == .cancellation || !plan.work.hasTimeLimit && way == .timeout {
            Thread.detachNewThread {
                usleep(UInt32(plan.delay / .microseconds(1)))
                task.cancel()
            }
        }
        var failure: StorageError?
        do { try await task.value } catch let error as StorageError { failure = error }
        return Outcome(plan: plan, error: failure, lateness: start.duration(to: .now) - plan.delay)
    }

    private func judge(_ outcome: Outcome, _ place: String) async throws {
        let name = "\(outcome.plan): \(place)"
        let rows = try await rows(of: outcome.plan.run)
        #expect(outcome.lateness < Self.patience, "\(name)")
        guard let error = outcome.error else {
            #expect(rows == outcome.plan.work.rows, "done: \(name)")
            return
        }
        stops += 1
        #expect(allowed.contains(error.kind), "\(error), \(name)")
        if error.kind == .commitOutcomeUnknown {
            #expect(rows == 0 || rows == outcome.plan.work.rows, "\(name)")
        } else {
            #expect(rows == 0, "\(error), \(name)")
        }
    }

    private var allowed: Set<StorageError.Kind> {
        let conflicts: Set<StorageError.Kind> = [.serialization, .deadlock]
        return switch way {
        case .cancellation: conflicts.union([.interrupted])
        case .timeout: conflicts.union([.timeout, .interrupted])
        case .termination: conflicts.union([.connectionLost, .commitOutcomeUnknown])
        }
    }

    private func requireRest(_ place: String) async throws {
        let deadline = ContinuousClock.now + Self.patience
        var busy = try await isAtRest()
        while !busy.isEmpty, ContinuousClock.now < deadline {
            try await onThread { _ = usleep(1000) }
            busy = try await isAtRest()
        }
        #expect(busy == [], "\(place)")
    }

    /// Both connections are good for others.
    private func useOnce(_ place: String) async throws {
        let runs = (0..<3).map { _ in
            lastRun += 1
            return lastRun
        }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for run in runs { group.addTask { [storage] in try await Self.use(storage, run) } }
            for try await sum in group { #expect(sum == 3, "\(place)") }
        }
        for run in runs { #expect(try await rows(of: run) == 2, "\(place)") }
    }

    private static func use(_ storage: any Storage, _ run: Int) async throws -> Int {
        try await storage.transaction(TransactionOptions(.write, isolation: .readCommitted)) { tx in
            try tx.insert(run, 1)
            try tx.executeAll(["INSERT INTO trace (run, n) VALUES (\(run), 2)", "SELECT 1"])
            return try tx.one("SELECT sum(n) FROM trace WHERE run = \(run)", as: Int.self)
        }
    }

    private func rows(of run: Int) async throws -> Int {
        try await storage.read { tx in
            try tx.one("SELECT count(*) FROM trace WHERE run = \(run)", as: Int.self)
        }
    }
}

extension StopRound.Plan: CustomStringConvertible {
    var description: String { "\(work.name) after \(delay)" }
}
