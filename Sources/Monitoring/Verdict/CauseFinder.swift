/// Looks for each known cause of waits in one window, in their order, and predicts what fixing each would
/// give.
struct CauseFinder: Sendable {
    let minute: MinuteDiagnosis

    init(_ minute: MinuteDiagnosis) { self.minute = minute }

    /// A cause and the change to the trace that stands for its fix.
    struct Finding: Sendable {
        var cause: Cause
        var fix: Counterfactual?
    }

    var seen: MinuteObservation { minute.seen }
    var rules: VerdictRules { minute.rules }
    var figures: MinuteFigures { minute.figures }
    var isWAL: Bool { seen.facts.journalMode == "wal" }

    /// The causes, and the window with all of them fixed that are more than possible.
    func causes() -> ([Cause], Prediction?) {
        let findings = [
            longTransaction, saturatingWriter, contention, backOff, slowDisk, checkpointStall,
            checkpointStarvation, pinnedWAL, autocheckpointOff, journalMode, synchronousFull,
            networkFileSystem,
        ].compactMap { $0() }
        let fixes = findings.filter { $0.cause.certainty != .possible }.compactMap(\.fix)
        guard let first = fixes.first else { return (findings.map(\.cause), nil) }
        let all = fixes.dropFirst().reduce(first) { $0.combined(with: $1) }
        let words = fixes.count == 1 ? "that change made" : "all \(fixes.count) changes made"
        return (findings.map(\.cause), minute.predict(all, assuming: words + ", and as many writes as now"))
    }

    private func finding(
        _ kind: Cause.Kind, _ certainty: Cause.Certainty, _ evidence: String, change: String,
        fix: Counterfactual? = nil, assuming assumption: String = ""
    ) -> Finding {
        let prediction = fix.map { minute.predict($0, assuming: assumption) }
        let cause = Cause(kind, certainty, evidence: evidence, change: change, prediction: prediction)
        return Finding(cause: cause, fix: fix)
    }

    // MARK: Who holds the lock

    /// An episode of 100 ms and more in which the commit counter stood still, and which was not the disk's.
    private func longTransaction() -> Finding? {
        let holds = figures.longHolds(rules: rules).filter { !isSpentInSync($0) }
        guard let longest = holds.first else { return nil }
        let who = Wording.process(longest.holder, named: longest.holder.flatMap { seen.executables[$0] })
        let limit = max(0.01, figures.ordinaryHold < rules.stall ? figures.ordinaryHold : 0)
        let isAlone = minute.lockingProcesses <= 1 && figures.ordinaryBusyFraction < 0.01
        return finding(
            .longTransaction, .seen,
            "\(Wording.count(holds.count, "transaction", "transactions")) held the write lock for "
                + "\(Wording.seconds(rules.stall)) or more; the longest, "
                + "\(Wording.seconds(longest.duration)), "
                + "is of \(who), and the commit counter stood still meanwhile"
                + (seen.facts.syncSeconds == nil && longest.syncTail == nil
                    ? " (whether it waited for the disk was not measured: --probe disk)" : ""),
            change: isAlone
                ? "Commit in pieces of some 10 ms of work, and read, compute and call out before BEGIN "
                    + "IMMEDIATE."
                : "In \(who): commit in pieces of some 10 ms of work, and read, compute and call out "
                    + "before BEGIN IMMEDIATE.",
            fix: Counterfactual(longHoldLimit: limit),
            assuming: "each of them holds the lock for \(Wording.seconds(limit)), as the rest is done "
                + "outside")
    }

    /// Commits in a row from which a process does not just write a few things at once.
    private static let longTurn = 5.0

    /// One process, or one among several, that holds the lock so much that no other gets in.
    private func saturatingWriter() -> Finding? {
        guard figures.ordinaryBusyFraction >= rules.fullBusyFraction else { return nil }
        let total = figures.holders.reduce(0) { $0 + $1.seconds }
        let top = figures.holders.first
        let topShare = top.map { total > 0 ? $0.seconds / total : 0 } ?? 0
        let isSingle = minute.lockingProcesses <= 1
        // Several that write without a pause: each of them would saturate it, however little the others came to it. One
        // that caught up with what it could not write looks the same once.
        let others = minute.turns.writers.count {
            $0.key != top?.process && $0.value.commitsPerTurn >= Self.longTurn
        }
        guard minute.felt.closedLoops.count < 2 || (topShare >= 0.99 && others < 2) else { return nil }
        guard isSingle || topShare >= rules.dominantShare else { return nil }
        let who = Wording.process(top?.process, named: top?.executable)
        return finding(
            .saturatingWriter, .seen,
            "\(who) alone holds the write lock \(Wording.percent(figures.ordinaryBusyFraction)) of the time, "
                + "\(Wording.seconds(figures.ordinaryHold)) per commit: there is no room for a second writer",
            change: "Batch: put tens of rows into one transaction (BEGIN IMMEDIATE … COMMIT), and pause "
                + "between "
                + "commits when others must write.",
            fix: Counterfactual(pacedHolder: isSingle ? .everyone : top.map { .process($0.process) }),
            assuming: "it pauses after each commit for as long as the commit took, or batches so as to "
                + "halve them")
    }

    private func contention() -> Finding? {
        guard minute.lockingProcesses >= 2 else { return nil }
        guard figures.ordinaryBusyFraction >= 0.3, minute.judgedShare >= rules.watchRatio else { return nil }
        let count = minute.lockingProcesses
        let writers = (seen.writersAreAtLeast ? "at least " : "") + "\(count) processes"
        return finding(
            .contention, .seen,
            "\(writers) hold the write lock \(Wording.percent(figures.ordinaryBusyFraction)) of the time, "
                + "\(Wording.seconds(figures.ordinaryHold)) per commit",
            change: "Let one process write for all, or make the transactions shorter; beyond that, a "
                + "database "
                + "with concurrent writers.")
    }

    private func backOff() -> Finding? {
        let asked = max(minute.waits.share(over: rules.stall), minute.felt.observedShare)
        guard minute.lockingProcesses >= 2 else { return nil }
        guard asked >= rules.badMinuteShare, minute.polledShare * 3 <= asked else { return nil }
        return finding(
            .backOff, .inferred,
            "with SQLite's own pauses of up to 100 ms a writer stalls \(Wording.percent(asked)) of the time, "
                + "asking every millisecond it would \(Wording.percent(minute.polledShare))",
            change: "Replace PRAGMA busy_timeout by a busy handler that asks every millisecond, "
                + "with the same limit (sqlite3_busy_handler).",
            fix: Counterfactual(backOff: .polling()), assuming: "the others go on as they do")
    }

    // MARK: The disk and the WAL

    /// Seconds of an fsync: as commits were seen to wait for it, measured, or the middle one of the tails that holds had.
    ///
    /// Tails are as coarse as the looks at the lock and the kernel's clock for file times, so short ones say
    /// nothing.
    var syncSeconds: Double? {
        if isWAL, let inCommits = seen.facts.commitSyncSeconds { return inCommits }
        if seen.facts.syncIsMeasured, let measured = seen.facts.syncSeconds { return measured }
        let tails = figures.episodes.filter { $0.start < figures.window }.compactMap(\.syncTail).sorted()
        let middle = seen.facts.syncSeconds ?? (tails.count >= 3 ? tails[tails.count / 2] : 0)
        return middle >= 0.02 ? middle : nil
    }

    /// How often a commit waits for the disk: a rollback journal syncs itself twice, the database and the
    /// folder.
    private var syncsPerCommit: Double { isWAL ? 1 : 4 }

    private func isSpentInSync(_ hold: HoldEpisode) -> Bool {
        // A commit that begins the WAL waits three times: for its header, the folder and its frames.
        if isWAL, let sync = seen.facts.commitSyncSeconds, sync >= rules.slowSync, sync >= 0.3 * hold.duration
        {
            return true
        }
        if let tail = hold.syncTail {
            // The tail is the last of several in rollback mode.
            let all = isWAL ? tail : tail * (syncsPerCommit - 1)
            return hold.isSpentInSync || (tail >= rules.slowSync && all >= 0.5 * hold.duration)
        }
        guard let sync = syncSeconds, sync >= rules.slowSync else { return false }
        return sync * syncsPerCommit >= 0.5 * hold.duration
    }

    private func slowDisk() -> Finding? {
        let tails = figures.longHolds(rules: rules).filter(\.isSpentInSync).compactMap(\.syncTail)
        let sync =
            tails.isEmpty ? syncSeconds ?? 0 : max(syncSeconds ?? 0, tails.reduce(0, +) / Double(tails.count))
        guard sync >= rules.slowSync else { return nil }
        let hold = figures.holdTime
        let isInCommits = hold > 0 && sync <= 3 * hold && hold <= 3 * sync * syncsPerCommit
        guard !tails.isEmpty || isInCommits || figures.checkpointShare > 0 else { return nil }
        let saved = isInCommits ? max(0, (sync - 0.002) * syncsPerCommit) : 0
        return finding(
            .slowDisk, .inferred,
            "an fsync takes \(Wording.seconds(sync)) on this disk, a commit holds the lock for "
                + Wording.seconds(hold),
            change: isWAL
                ? "Move the database to a disk that syncs within milliseconds; until then PRAGMA "
                    + "synchronous=NORMAL "
                    + "takes the fsync out of the commit (a power cut may lose the last commits, never the "
                    + "database)."
                : "Move the database to a disk that syncs within milliseconds; until then PRAGMA "
                    + "journal_mode=WAL.",
            fix: Counterfactual(
                savedPerCommit: saved, cutsSyncTails: true, keepsCheckpoints: figures.checkpointShare == 0),
            assuming: "an fsync takes 2 ms")
    }

    private func checkpointStall() -> Finding? {
        guard let longest = figures.checkpoints.max(by: { $0.duration < $1.duration }) else { return nil }
        guard longest.duration >= rules.stall else { return nil }
        return finding(
            .checkpointStall, .seen,
            "a checkpoint took \(Wording.seconds(longest.duration)), and the writer whose commit started it "
                + "waited",
            change: "PRAGMA wal_autocheckpoint=0 in the application, and PRAGMA wal_checkpoint(PASSIVE) "
                + "every few "
                + "seconds from a connection on which no request waits.",
            fix: Counterfactual(keepsCheckpoints: false),
            assuming: "checkpoints run beside the writers as often as they do now")
    }

    /// Checkpoints run and cannot finish, as some reader or other is always there.
    private func checkpointStarvation() -> Finding? {
        guard let pages = seen.pendingPages, pages >= rules.pendingPages, seen.walRestarts == 0 else {
            return nil
        }
        guard !figures.checkpoints.isEmpty, (seen.oldestReaderSeconds ?? 0) < rules.longReader else {
            return nil
        }
        return finding(
            .checkpointStarvation, .inferred,
            "checkpoints run, \(pages) pages wait in the WAL, and it never starts anew: "
                + "short readers follow one another without a gap",
            change: "PRAGMA wal_checkpoint(TRUNCATE) in a quiet moment, with a busy_timeout, once an hour "
                + "or so.")
    }

    private func pinnedWAL() -> Finding? {
        guard let pages = seen.pendingPages, let age = seen.oldestReaderSeconds, isWAL else { return nil }
        guard pages >= rules.pendingPages / 4, age >= rules.longReader, seen.walRestarts == 0 else {
            return nil
        }
        guard pages > (seen.pendingPagesBefore ?? 0) else { return nil }
        let who = Wording.process(
            seen.oldestReader, named: seen.oldestReader.flatMap { seen.executables[$0] })
        return finding(
            .pinnedWAL, .seen,
            "\(who) has been reading for \(Wording.seconds(age)), so \(pages) pages wait in the WAL and "
                + "more come",
            change: "End the read transaction of \(who): finalize or reset its statements and COMMIT; "
                + "then PRAGMA wal_checkpoint(TRUNCATE).")
    }

    private func autocheckpointOff() -> Finding? {
        guard let pages = seen.pendingPages, pages >= rules.pendingPages, isWAL else { return nil }
        guard figures.checkpoints.isEmpty, seen.walRestarts == 0 else { return nil }
        guard (seen.oldestReaderSeconds ?? 0) < rules.longReader else { return nil }
        return finding(
            .autocheckpointOff, .inferred,
            "\(pages) pages wait in the WAL, no checkpoint was seen, and no reader holds it back",
            change: "PRAGMA wal_autocheckpoint=1000 on the writers' connections (a wal_hook of one's own "
                + "replaces it), "
                + "and once PRAGMA wal_checkpoint(TRUNCATE).")
    }

    // MARK: Settings

    private func journalMode() -> Finding? {
        guard !isWAL, !seen.facts.journalMode.isEmpty, seen.facts.networkFileSystem == nil else { return nil }
        let hold = figures.ordinaryHold
        let saved = syncSeconds.map { min($0 * syncsPerCommit, 0.9 * hold) } ?? min(0.75 * hold, 0.012)
        return finding(
            .journalMode, .seen,
            "journal_mode is \(seen.facts.journalMode.uppercased()), where each commit syncs several files "
                + "and "
                + "readers and the writer exclude each other",
            change: "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            fix: Counterfactual(savedPerCommit: max(0, saved)),
            assuming: syncSeconds == nil
                ? "a commit takes a quarter of the time, at most 12 ms less, as where both were measured"
                : "a commit no longer waits for the disk")
    }

    /// What a commit waits for the disk from which it is an fsync: writing the frames themselves takes less.
    private static let leastSyncSeen = 0.0001
    /// The same, where nobody saw the commits wait and only their length tells.
    private static let leastSyncGuessed = 0.0005

    /// Nobody outside sees the setting: that a commit waits for the disk shows it, however fast the disk is.
    private func synchronousFull() -> Finding? {
        let hold = figures.ordinaryHold
        let isSeen = seen.facts.commitSyncSeconds != nil
        guard isWAL, isSeen || hold >= 0.001 else { return nil }
        let change =
            "PRAGMA synchronous=NORMAL; in each writer's connection (a power cut may lose the last "
            + "commits, never the database)."
        guard let sync = syncSeconds else {
            guard figures.ordinaryBusyFraction >= 0.3, hold < rules.stall else { return nil }
            return finding(
                .synchronousFull, .possible,
                "a commit holds the lock for \(Wording.seconds(hold)), which an fsync in each would explain",
                change: change, fix: Counterfactual(savedPerCommit: min(0.75 * hold, 0.003)),
                assuming: "synchronous is FULL and an fsync takes up to 3 ms of each commit")
        }
        let least = isSeen ? Self.leastSyncSeen : Self.leastSyncGuessed
        guard sync >= least, sync >= 0.3 * hold, sync <= 2 * hold else { return nil }
        return finding(
            .synchronousFull, .inferred,
            isSeen
                ? "of the \(Wording.seconds(hold)) that a commit holds the lock it waits "
                    + "\(Wording.seconds(sync)) for the disk, so synchronous is FULL (inferred: the setting "
                    + "itself cannot be seen)"
                : "a commit holds the lock for \(Wording.seconds(hold)), about one fsync "
                    + "(\(Wording.seconds(sync))), so synchronous is most likely FULL",
            change: change, fix: Counterfactual(savedPerCommit: sync),
            assuming: "the fsync (\(Wording.seconds(sync))) is no longer part of each commit")
    }

    private func networkFileSystem() -> Finding? {
        guard let name = seen.facts.networkFileSystem else { return nil }
        return finding(
            .networkFileSystem, .seen,
            "the database lies on \(name), where locks may not exclude and WAL's shared memory is not shared",
            change: "Move the database to a local disk of the machine whose processes write it.")
    }
}

extension Counterfactual {
    /// Both changes made.
    func combined(with other: Counterfactual) -> Counterfactual {
        var both = self
        both.longHoldLimit = longHoldLimit ?? other.longHoldLimit
        // Two causes that save the same fsync save it once.
        both.savedPerCommit = max(savedPerCommit, other.savedPerCommit)
        both.cutsSyncTails = cutsSyncTails || other.cutsSyncTails
        both.pacedHolder = pacedHolder ?? other.pacedHolder
        if case .polling = other.backOff { both.backOff = other.backOff }
        both.keepsCheckpoints = keepsCheckpoints && other.keepsCheckpoints
        return both
    }
}
