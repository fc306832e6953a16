/// What is to be done next, and what must be done before it: the whole order of a migration, without I/O.
///
/// Copying comes first, the dearest table first; a table's indexes are built as soon as its rows are
/// there, its keys attached when its indexes stand, and foreign keys follow when every table is ready.
package struct Schedule: Sendable {
    package enum Step: Sendable, Hashable {
        case copy(Part)
        /// An index of table `table`: explicit, or the one under a key.
        case buildIndex(table: Int, index: Int)
        /// Before the indexes, which it would lock out; with its own statistics everything after it is planned well.
        case analyze(table: Int)
        /// Attach keys, add checks, set the identity position.
        case constrain(table: Int)
        /// All of them, NOT VALID, which takes no time and no scan.
        case addForeignKeys
        /// The foreign keys of one group, which share a table: checking them at once would wait for a lock.
        case validate(group: Int)
    }

    private var copies: [Part]
    private var ready: [Step] = []
    private var partsLeft: [Int]
    private var indexesLeft: [Int]
    private let indexCounts: [Int]
    private let cost: [Int64]
    private var tablesLeft: Int
    private var groupsToValidate: Int
    private let hasForeignKeys: Bool
    private var running = 0
    private var hasFailed = false

    /// - Parameters:
    ///   - parts: all of all tables.
    ///   - indexCounts: how many indexes each table gets.
    ///   - cost: in bytes, for ordering.
    ///   - validationGroups: how many groups of foreign keys must be checked.
    package init(
        parts: [Part], indexCounts: [Int], cost: [Int64], hasForeignKeys: Bool, validationGroups: Int
    ) {
        // Taken from the end.
        copies = parts.sorted { one, other in
            let costs = (cost[one.table], cost[other.table])
            if costs.0 != costs.1 { return costs.0 < costs.1 }
            return one.table != other.table ? one.table > other.table : one.number > other.number
        }
        partsLeft = [Int](repeating: 0, count: indexCounts.count)
        for part in parts { partsLeft[part.table] += 1 }
        self.indexCounts = indexCounts
        indexesLeft = indexCounts
        self.cost = cost
        self.hasForeignKeys = hasForeignKeys
        groupsToValidate = validationGroups
        tablesLeft = indexCounts.count
        for table in indexCounts.indices where partsLeft[table] == 0 { rowsArrived(table) }
        if indexCounts.isEmpty { tablesReady() }
    }

    package enum Answer: Sendable, Hashable {
        case perform(Step)
        /// Nothing now; ask again when a step has finished.
        case wait
        case done
    }

    package mutating func next() -> Answer {
        guard !hasFailed else { return .done }
        if let part = copies.popLast() {
            running += 1
            return .perform(.copy(part))
        }
        if let best = ready.indices.max(by: { weight(ready[$0]) < weight(ready[$1]) }) {
            running += 1
            return .perform(ready.remove(at: best))
        }
        return running > 0 ? .wait : .done
    }

    /// Only one step runs and nothing else is ready: it may use what the other workers leave idle.
    package var hasOneStepLeftForNow: Bool { running == 1 && copies.isEmpty && ready.isEmpty }

    package mutating func finished(_ step: Step) {
        running -= 1
        switch step {
        case .copy(let part):
            partsLeft[part.table] -= 1
            if partsLeft[part.table] == 0 { rowsArrived(part.table) }
        case .analyze(let table): analyzed(table)
        case .buildIndex(let table, _):
            indexesLeft[table] -= 1
            if indexesLeft[table] == 0 { ready.append(.constrain(table: table)) }
        case .constrain:
            tablesLeft -= 1
            if tablesLeft == 0 { tablesReady() }
        case .addForeignKeys:
            ready += (0..<groupsToValidate).map { .validate(group: $0) }
        case .validate:
            break
        }
    }

    /// Nothing new is begun after a failure.
    package mutating func failed() {
        running -= 1
        hasFailed = true
    }

    /// Begins nothing more, whatever runs.
    package mutating func abandon() { hasFailed = true }

    private mutating func rowsArrived(_ table: Int) { ready.append(.analyze(table: table)) }

    private mutating func analyzed(_ table: Int) {
        if indexCounts[table] == 0 {
            ready.append(.constrain(table: table))
        } else {
            ready += (0..<indexCounts[table]).map { .buildIndex(table: table, index: $0) }
        }
    }

    private mutating func tablesReady() {
        if hasForeignKeys { ready.append(.addForeignKeys) }
    }

    private func weight(_ step: Step) -> Int64 {
        switch step {
        case .copy: .max
        // One process does it, where an index is built by several: at the end it would leave cores idle.
        case .analyze: .max - 1
        case .buildIndex(let table, _), .constrain(let table): cost[table]
        case .addForeignKeys, .validate: 0
        }
    }
}
