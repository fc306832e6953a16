#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Migrations as files: `common/00001_name.sql`, or `sqlite/00001_name.sql` and `postgres/00001_name.sql`.
struct MigrationFolder {
    private struct File {
        var place: Place
        var path: String
        var version: Int64
        var name: String
    }

    /// A folder of the three.
    private enum Place: String, CaseIterable {
        case common, sqlite, postgres

        var dialect: Dialect? {
            switch self {
            case .common: nil
            case .sqlite: .sqlite
            case .postgres: .postgres
            }
        }
    }

    private let root: String
    private(set) var problems: [SchemaProblem] = []
    private(set) var migrations: [SchemaMigration] = []

    /// Reads all there is; what is wrong with it is in `problems`.
    init(_ path: String) {
        root = path
        let files = listFiles().sorted { ($0.version, $0.path) < ($1.version, $1.path) }
        for group in Dictionary(grouping: files, by: \.version).values.sorted(by: {
            $0[0].version < $1[0].version
        }) {
            add(group)
        }
    }

    // What is there.

    private mutating func listFiles() -> [File] {
        var files: [File] = []
        for entry in contents(of: root, mustExist: true) {
            let path = "\(root)/\(entry)"
            if let place = Place(rawValue: entry) {
                files += contents(of: path, mustExist: false).compactMap { file($0, in: place) }
            } else if entry.hasSuffix(".sql") {
                complain(
                    .badName, path, "A migration lies outside of the folders.",
                    "Move it into common, or one file each into sqlite and postgres.")
            } else if contents(of: path, mustExist: false).contains(where: { $0.hasSuffix(".sql") }) {
                complain(
                    .badName, path, "A folder with migrations is none of common, sqlite and postgres.",
                    "Rename it.")
            }
        }
        return files
    }

    /// Names in order, without hidden ones; nothing when it is no folder.
    private mutating func contents(of path: String, mustExist: Bool) -> [String] {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder else {
            if mustExist {
                complain(
                    .unreadable, path, "There is no such folder.",
                    "Name the folder that holds the migrations.")
            }
            return []
        }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).filter { !$0.hasPrefix(".") }
                .sorted()
        } catch {
            complain(.unreadable, path, "The folder cannot be read.", "Check its rights.")
            return []
        }
    }

    private mutating func file(_ name: String, in place: Place) -> File? {
        guard name.hasSuffix(".sql") else { return nil }
        let path = "\(root)/\(place.rawValue)/\(name)"
        let parts = name.dropLast(4).split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].allSatisfy({ ("0"..."9").contains($0) }),
            let version = Int64(parts[0]),
            version > 0, Self.isName(parts[1])
        else {
            complain(
                .badName, path, "The name of the file is not NUMBER_name.sql.",
                "Name it like 00001_people.sql: a number from 1, an underscore, and letters, digits, _ or -.")
            return nil
        }
        return File(place: place, path: path, version: version, name: String(parts[1]))
    }

    static func isName(_ text: some StringProtocol) -> Bool {
        !text.isEmpty
            && text.unicodeScalars.allSatisfy {
                ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "_"
                    || $0 == "-"
            }
    }

    // One version.

    private mutating func add(_ files: [File]) {
        var byPlace: [Place: File] = [:]
        for file in files {
            if let other = byPlace[file.place] {
                complain(
                    .duplicate, file.path, "Version \(file.version) is also that of \(other.path).",
                    "Give one of them another number.")
            } else {
                byPlace[file.place] = file
            }
        }
        checkParity(byPlace)
        var forms: [Dialect: MigrationForm] = [:]
        for file in byPlace.values.sorted(by: { $0.path < $1.path }) {
            guard let form = form(of: file) else { continue }
            for dialect in file.place.dialect.map({ [$0] }) ?? Dialect.allCases where forms[dialect] == nil {
                forms[dialect] = form
            }
        }
        checkContent(forms, files)
        migrations.append(SchemaMigration(version: files[0].version, name: files[0].name, forms: forms))
    }

    /// In `common`, or in both of the others, under one name.
    private mutating func checkParity(_ files: [Place: File]) {
        if let common = files[.common], let other = files[.sqlite] ?? files[.postgres] {
            complain(
                .duplicate, other.path, "Version \(other.version) is also that of \(common.path).",
                "Keep it in common, or in sqlite and in postgres.")
        }
        for (place, missing) in [(Place.sqlite, Place.postgres), (.postgres, .sqlite)] {
            guard files[.common] == nil, let file = files[place], files[missing] == nil else { continue }
            let name = file.path.split(separator: "/").last.map(String.init) ?? ""
            complain(
                .dialectMissing, file.path, "There is no \(missing.rawValue)/\(name) beside it.",
                "Add that file; when there is nothing to do, `-- +up` and `-- +down` alone say so.")
        }
        if let one = files[.sqlite], let other = files[.postgres], one.name != other.name {
            complain(
                .badName, one.path, "It is named otherwise than \(other.path).",
                "Name both alike, or give one of them another number.")
        }
    }

    /// What `schema new` leaves must not count as run, or its later text would be a change.
    private mutating func checkContent(_ forms: [Dialect: MigrationForm], _ files: [File]) {
        guard forms.count == Dialect.allCases.count,
            forms.values.allSatisfy({ $0.up.isEmpty && $0.problems.isEmpty })
        else { return }
        complain(
            .empty, files[0].path, "No statement stands below `-- +up`, for neither engine.",
            "Write the SQL, or remove the file until there is some.")
    }

    private mutating func form(of file: File) -> MigrationForm? {
        do {
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file.path)))
            let form = MigrationParser.parse(file: bytes, file.place.dialect, at: file.path)
            problems += form.problems
            return form
        } catch {
            complain(.unreadable, file.path, "The file cannot be read.", "Check its rights.")
            return nil
        }
    }

    private mutating func complain(
        _ code: SchemaProblem.Code, _ place: String, _ summary: String, _ remedy: String
    ) {
        problems.append(SchemaProblem(code, at: place, summary, fix: remedy))
    }
}

extension MigrationFolder {
    /// Writes the files of a new migration, numbered after the last. Returns their paths.
    static func create(_ name: String, in root: String, forEachDialect: Bool) throws -> [String] {
        guard isName(name) else {
            throw StorageError([
                SchemaProblem(
                    .badName, at: name, "A migration cannot be named so.",
                    fix: "Use letters, digits, _ and -.")
            ])
        }
        let last = FileManager.default.fileExists(atPath: root) ? try newest(in: root) : 0
        let digits = String(last + 1)
        let number = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        return try (forEachDialect ? ["sqlite", "postgres"] : ["common"]).map { folder in
            try FileManager.default.createDirectory(
                atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
            let path = "\(root)/\(folder)/\(number)_\(name).sql"
            try Data("-- +up\n\n-- +down\n".utf8).write(
                to: URL(fileURLWithPath: path), options: .withoutOverwriting)
            return path
        }
    }

    private static func newest(in root: String) throws -> Int64 {
        let folder = MigrationFolder(root)
        if let problem = folder.problems.first(where: { $0.code == .unreadable || $0.code == .badName }) {
            throw StorageError([problem])
        }
        return folder.migrations.last?.version ?? 0
    }
}
