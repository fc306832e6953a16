import CopyEngine
import TestSupport
import Testing

/// The order of a migration, with workers that finish in any order.
@Suite struct ScheduleTests {
    private static let seeds: [UInt64] = Array(1...60)

    @Test(arguments: seeds)
    func `each step comes once, and after what it needs`(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let tableCount = Int.random(in: 0...6, using: &random)
        let indexCounts = (0..<tableCount).map { _ in Int.random(in: 0...4, using: &random) }
        let parts = (0..<tableCount).flatMap { table in
            (1...Int.random(in: 1...5, using: &random)).map { Part(table: table, number: $0) }
        }
        let groups = Int.random(in: 0...3, using: &random)
        var schedule = Schedule(
            parts: parts, indexCounts: indexCounts,
            cost: indexCounts.map { _ in .random(in: 0...100, using: &random) },
            hasForeignKeys: groups > 0, validationGroups: groups)

        var running: [Schedule.Step] = []
        var finished: Set<Schedule.Step> = []
        var isDone = false
        while !isDone || !running.isEmpty {
            let mayStart = running.count < 3 && (running.isEmpty || Bool.random(using: &random))
            if mayStart, !isDone {
                switch schedule.next() {
                case .perform(let step):
                    #expect(isAllowed(step, after: finished, parts, indexCounts), "\(step), seed \(seed)")
                    #expect(
                        !finished.contains(step) && !running.contains(step), "\(step) again, seed \(seed)")
                    running.append(step)
                    continue
                case .done where running.isEmpty: isDone = true
                case .done, .wait: break
                }
            }
            if let index = running.indices.randomElement(using: &random) {
                let step = running.remove(at: index)
                finished.insert(step)
                schedule.finished(step)
            }
        }
        let expected = parts.count + indexCounts.reduce(0, +) + 2 * tableCount + (groups > 0 ? 1 + groups : 0)
        #expect(finished.count == expected, "seed \(seed)")
    }

    private func isAllowed(
        _ step: Schedule.Step, after finished: Set<Schedule.Step>, _ parts: [Part], _ indexCounts: [Int]
    ) -> Bool {
        switch step {
        case .copy: true
        case .analyze(let table): parts.allSatisfy { $0.table != table || finished.contains(.copy($0)) }
        case .buildIndex(let table, _): finished.contains(.analyze(table: table))
        case .constrain(let table):
            finished.contains(.analyze(table: table))
                && (0..<indexCounts[table]).allSatisfy {
                    finished.contains(.buildIndex(table: table, index: $0))
                }
        case .addForeignKeys: indexCounts.indices.allSatisfy { finished.contains(.constrain(table: $0)) }
        case .validate: finished.contains(.addForeignKeys)
        }
    }

    @Test func `the dearest table is copied first`() {
        var schedule = Schedule(
            parts: [Part(table: 0, number: 1), Part(table: 1, number: 1)], indexCounts: [0, 0], cost: [1, 9],
            hasForeignKeys: false, validationGroups: 0)
        #expect(schedule.next() == .perform(.copy(Part(table: 1, number: 1))))
    }

    @Test func `nothing new begins after a failure`() {
        var schedule = Schedule(
            parts: [Part(table: 0, number: 1), Part(table: 0, number: 2)], indexCounts: [0], cost: [1],
            hasForeignKeys: false, validationGroups: 0)
        _ = schedule.next()
        schedule.failed()
        #expect(schedule.next() == .done)
    }
}
