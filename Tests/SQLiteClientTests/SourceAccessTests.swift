import SQLiteClient
import Testing

/// Every combination of what can be seen before a source is opened, and what is decided from it.
@Suite("How a source may be read")
struct SourceAccessTests {
    private enum Kind { case direct, guarded, privateCopy, refused }

    /// One combination; `decide` must not depend on anything else.
    private struct Sight: CustomStringConvertible {
        var isWAL, isLive: Bool
        /// nil: no such file.
        var wal, journal: Int64?
        var hasSharedMemory, journalIsValid, folderIsWritable, fileIsWritable: Bool
        var user: UInt32

        static let owner: UInt32 = 3_000_000_000
        static let stranger: UInt32 = 3_000_000_001

        var files: SourceFiles {
            let header = DatabaseHeader(
                Array("SQLite format 3\0".utf8) + [16, 0, isWAL ? 2 : 1, isWAL ? 2 : 1] + zeros)
            return SourceFiles(
                path: "/data/app.db", byteCount: 4096, ownerID: Self.owner, header: header!,
                walByteCount: wal,
                hasSharedMemory: hasSharedMemory, journalByteCount: journal, journalIsValid: journalIsValid,
                lockHolder: isLive ? 4711 : nil, folderIsWritable: folderIsWritable,
                fileIsWritable: fileIsWritable)
        }
        private var zeros: [UInt8] { [UInt8](repeating: 0, count: 80) }

        var description: String {
            "WAL \(isWAL) live \(isLive) -wal \(wal ?? -1) -shm \(hasSharedMemory) journal \(journal ?? -1) "
                + "valid \(journalIsValid) folder \(folderIsWritable) file \(fileIsWritable) user \(user)"
        }

        static var all: [Sight] {
            let flags = [false, true]
            var all: [Sight] = []
            for isWAL in flags {
                for isLive in flags {
                    for wal in [nil, 0, 4152] as [Int64?] {
                        for shared in flags {
                            for (journal, valid) in [(nil, false), (0, false), (512, false), (512, true)]
                                as [(Int64?, Bool)]
                            {
                                for folder in flags {
                                    for file in flags {
                                        all += [0, owner, stranger].map {
                                            Sight(
                                                isWAL: isWAL, isLive: isLive, wal: wal, journal: journal,
                                                hasSharedMemory: shared, journalIsValid: valid,
                                                folderIsWritable: folder,
                                                fileIsWritable: file, user: $0)
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            return all
        }

        /// The rules in words, apart from the code under test.
        var expected: Kind {
            // An application that has it open keeps the sidecars in order: reading in place makes no file.
            if isLive { return .direct }
            // What a crash left must be rolled back or replayed first, and that writes.
            if journal ?? 0 > 0, journalIsValid { return .privateCopy }
            if wal ?? 0 > 0 { return .privateCopy }
            if !isWAL { return .direct }
            // Sidecars that nobody holds would be changed or removed.
            if wal != nil || hasSharedMemory { return .privateCopy }
            if user == Self.stranger { return .refused }
            // Sidecars would be made, and can only be removed again by who may write everything.
            return folderIsWritable && fileIsWritable ? .guarded : .privateCopy
        }
    }

    private func kind(_ access: SourceAccess) -> Kind {
        switch access {
        case .direct: .direct
        case .guarded: .guarded
        case .privateCopy: .privateCopy
        case .refused: .refused
        }
    }

    @Test func `every combination is decided as the rules say`() {
        #expect(Sight.all.count == 1152)
        for sight in Sight.all {
            let found = kind(SourceAccess.decide(for: sight.files, userID: sight.user))
            #expect(found == sight.expected, "\(sight)")
        }
    }

    @Test func `a refusal names the user to run as`() throws {
        var sight = try #require(Sight.all.first { $0.expected == .refused })
        sight.user = Sight.stranger
        guard case .refused(let remedy) = SourceAccess.decide(for: sight.files, userID: sight.user) else {
            Issue.record("not refused")
            return
        }
        #expect(remedy.hasPrefix("Run as user 3000000000"))
    }
}

@Suite("What is read from the first bytes of a file")
struct DatabaseHeaderTests {
    private func header(_ changes: [Int: UInt8]) -> [UInt8] {
        var bytes = Array("SQLite format 3\0".utf8) + [UInt8](repeating: 0, count: 84)
        bytes[16] = 16
        for (offset, byte) in changes { bytes[offset] = byte }
        return bytes
    }

    @Test(arguments: [(16, 0, 4096), (0, 1, 65536), (2, 0, 512), (128, 0, 32768)] as [(UInt8, UInt8, Int64)])
    func `the page size is read`(_ high: UInt8, _ low: UInt8, _ expected: Int64) {
        #expect(DatabaseHeader(header([16: high, 17: low]))?.pageSize == expected)
    }

    @Test func `the page count is trusted only when written with the last change`() {
        #expect(DatabaseHeader(header([27: 7, 31: 3, 95: 7]))?.isPageCountValid == true)
        #expect(DatabaseHeader(header([27: 8, 31: 3, 95: 7]))?.isPageCountValid == false)
        #expect(DatabaseHeader(header([27: 7, 31: 0, 95: 7]))?.isPageCountValid == false)
    }

    @Test func `a short or foreign beginning is no header`() {
        #expect(DatabaseHeader(Array(header([:]).dropLast())) == nil)
        #expect(DatabaseHeader(header([0: 0x73])) == nil)
        #expect(DatabaseHeader([]) == nil)
    }
}
