/// What the files, the locks and the file system say: a row of the table for each thing that can be wrong.
package enum FileRules {
    private typealias Rule = @Sendable (DoctorFacts) -> DoctorFinding?

    package static func findings(_ facts: DoctorFacts) -> [DoctorFinding] {
        (dangers + settings + room).compactMap { $0(facts) }
    }

    private static let mebibyte: Int64 = 1 << 20

    // MARK: What may lose rows

    private static let dangers: [Rule] = [
        { facts in
            guard let first = facts.withDeletedWAL.first else { return nil }
            let names = facts.withDeletedWAL.map(text).joined(separator: ", ")
            return DoctorFinding(
                "wal-deleted", .danger, "The -wal file was removed under \(names): what it commits is lost.",
                fix: "Stop it before it commits more (kill \(first.process)), and start it again; find out "
                    + "what opened the database beside it and lost its locks.")
        },
        { facts in
            guard let kind = facts.fileSystem, kind.isNetwork || kind.isForeign else { return nil }
            return DoctorFinding(
                "network-file-system", .danger,
                "The file is on \(kind.name), where locks may not reach all who write.",
                fix: "Move the database to a local disk of the one machine that opens it.")
        },
        { facts in
            let others = facts.sidecars.filter { $0.owner != facts.owner }
            guard let first = others.first else { return nil }
            let names = others.map(\.suffix).joined(separator: " and ")
            return DoctorFinding(
                "sidecar-owner", .danger,
                "\(names) belong to \(first.ownerName) and the database to \(facts.ownerName), who may not be "
                    + "able to write.",
                fix: others.map { "chown \(facts.ownerName) \(quoted(facts.path + $0.suffix))" }
                    .joined(separator: "; "))
        },
        { facts in
            guard facts.hardLinkCount > 1 else { return nil }
            return DoctorFinding(
                "hard-links", .danger,
                "The file has \(facts.hardLinkCount) names: who opens it by another one uses another -wal.",
                fix: "Keep one name; find the others with: find / -xdev -samefile \(quoted(facts.path))")
        },
        { facts in
            guard let free = facts.freeByteCount, free < 64 * mebibyte else { return nil }
            return DoctorFinding(
                "disk-full", .danger, "Only \(size(free)) are free beside the database.",
                fix: "Make room on the disk: with none left every write fails.")
        },
        { facts in
            guard facts.journalIsHot else { return nil }
            return DoctorFinding(
                "hot-journal", .harm,
                "A transaction was cut off by a crash; its journal waits to be rolled back.",
                fix: "Let the application open the database, or as \(facts.ownerName): sqlite3 "
                    + "\(quoted(facts.path)) 'PRAGMA schema_version'. Never delete the -journal file.")
        },
        { facts in
            guard facts.lockHolder == nil, facts.writers.isEmpty, let size = facts.byteCount(of: "-wal"),
                size > 0
            else { return nil }
            return DoctorFinding(
                "wal-left", .harm, "A -wal file with commits was left, and nobody has the database open.",
                fix: "Let the application open and close it, or as \(facts.ownerName): sqlite3 "
                    + "\(quoted(facts.path)) 'PRAGMA wal_checkpoint'. Never delete or part the two files.")
        },
    ]

    // MARK: Settings

    private static let settings: [Rule] = [
        { facts in
            guard !facts.isWAL else { return nil }
            return DoctorFinding(
                "journal-mode", .harm,
                "The journal mode is a rollback journal: readers and the writer wait for one another.",
                fix: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")
        },
        { facts in
            guard facts.pageSize < 4096 || facts.pageSize > 16384 else { return nil }
            return DoctorFinding(
                "page-size", .hint, "Pages have \(facts.pageSize) bytes; disks work in 4096.",
                fix:
                    "PRAGMA journal_mode = DELETE; PRAGMA page_size = 4096; VACUUM; PRAGMA journal_mode = WAL;"
            )
        },
        { facts in
            guard facts.autoVacuum == .full else { return nil }
            return DoctorFinding(
                "auto-vacuum", .hint, "auto_vacuum = FULL moves pages at every commit that frees some.",
                fix:
                    "PRAGMA auto_vacuum = INCREMENTAL; then PRAGMA incremental_vacuum(1000) when it is quiet"
            )
        },
        { facts in
            guard facts.textEncoding != "UTF-8" else { return nil }
            return DoctorFinding(
                "text-encoding", .hint,
                "Text is kept as \(facts.textEncoding), twice the size for most of it.",
                fix: "Load a dump into a new file: it begins as UTF-8.")
        },
        { facts in
            guard facts.userVersion == 0 else { return nil }
            return DoctorFinding(
                "user-version", .hint, "user_version is 0: nothing in the file says which schema it has.",
                fix: "PRAGMA user_version = 1; or keep the schema with: outgrow schema up")
        },
        { facts in
            guard facts.applicationID == 0 else { return nil }
            return DoctorFinding(
                "application-id", .hint,
                "application_id is 0: nothing tells this file from any other database.",
                fix: "PRAGMA application_id = N; with a number of your own")
        },
        { facts in
            guard facts.wasLink else { return nil }
            return DoctorFinding(
                "symbolic-link", .hint, "The path is a link; the -wal stands beside \(facts.path).",
                fix: "Back up and move what the link leads to, with its -wal.")
        },
    ]

    // MARK: Room

    private static let room: [Rule] = [
        { facts in
            guard facts.freeShare >= 0.25, facts.freePages >= 25 else { return nil }
            let bytes = facts.freePages * facts.pageSize
            return DoctorFinding(
                "free-pages", .hint,
                "\(Wording.percent(facts.freeShare)) of the file are free pages, \(size(bytes)).",
                fix: facts.autoVacuum == .incremental
                    ? "PRAGMA incremental_vacuum;"
                    : "VACUUM; it needs as much room again, and keeps writers out while it lasts")
        },
        { facts in
            guard let wal = facts.byteCount(of: "-wal"), wal >= max(64 * mebibyte, facts.byteCount) else {
                return nil
            }
            return DoctorFinding(
                "wal-large", .hint,
                "The -wal file has \(size(wal)), the database \(size(facts.byteCount)): once a checkpoint could "
                    + "not keep up.",
                fix: "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_size_limit = 67108864;")
        },
        { facts in
            guard let pages = facts.pendingPages, pages >= VerdictRules().pendingPages else { return nil }
            return DoctorFinding(
                "wal-pending", .harm,
                "\(pages) pages wait in the WAL: a long reader keeps them there, or nobody checkpoints.",
                fix: "Let outgrow watch name the reader; PRAGMA wal_autocheckpoint = 1000;")
        },
        { facts in
            guard let free = facts.freeByteCount, free >= 64 * mebibyte, free < facts.byteCount else {
                return nil
            }
            return DoctorFinding(
                "no-room-to-vacuum", .hint,
                "\(size(free)) are free beside a database of \(size(facts.byteCount)): neither VACUUM nor a copy fits.",
                fix: "Make room before you need either.")
        },
    ]

    static func text(_ opener: DoctorFacts.Opener) -> String {
        Wording.process(opener.process, named: opener.name)
    }

    private static func size(_ bytes: Int64) -> String {
        bytes < mebibyte ? "\((bytes + 1023) / 1024) KiB" : "\(bytes / mebibyte) MiB"
    }

    private static func quoted(_ path: String) -> String {
        "'" + path.replacing("'", with: "'\\''") + "'"
    }
}
