/// Which processes have a file open, by `/proc`.
struct ProcessScan: Sendable, Hashable {
    /// With the database open for writing.
    var writers: Set<Int32> = []
    /// With the database open for reading.
    var readers: Set<Int32> = []
    /// Whose files may not be looked at.
    var hidden: Set<Int32> = []
    /// With a WAL open that was removed under them: what they commit goes nowhere.
    var withDeletedWAL: Set<Int32> = []

    init() {}

    /// Looks through all processes but this one.
    mutating func lookAtAll(for path: String, _ identity: FileIdentity) {
        for process in (RawSystem.names(in: "/proc") ?? []).compactMap({ Int32($0) }) {
            look(at: process, for: path, identity)
        }
    }

    /// Adds what one process has open.
    mutating func look(at process: Int32, for path: String, _ identity: FileIdentity) {
        guard process != RawSystem.processID else { return }
        guard let descriptors = RawSystem.names(in: "/proc/\(process)/fd") else {
            if FileIdentity(path: "/proc/\(process)") != nil { hidden.insert(process) }
            return
        }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        for descriptor in descriptors where !descriptor.hasPrefix(".") {
            let place = "/proc/\(process)/fd/\(descriptor)"
            guard let target = RawSystem.linkTarget(of: place) else { continue }
            if target == path + "-wal (deleted)" { withDeletedWAL.insert(process) }
            // The path may look otherwise from there; the file itself says whether it is the one.
            guard target.hasSuffix(name), let found = FileIdentity(path: place),
                found.isSameFile(as: identity)
            else { continue }
            if Self.isForWriting("/proc/\(process)/fdinfo/\(descriptor)") {
                writers.insert(process)
            } else {
                readers.insert(process)
            }
        }
    }

    func knows(_ process: Int32) -> Bool {
        writers.contains(process) || readers.contains(process) || hidden.contains(process)
    }

    /// `flags:` in octal, with the access mode in the last two bits.
    private static func isForWriting(_ path: String) -> Bool {
        guard let text = RawSystem.text(of: path) else { return false }
        for line in text.split(separator: "\n") where line.hasPrefix("flags:") {
            let digits = line.split(whereSeparator: { $0 == "\t" || $0 == " " }).last ?? ""
            return (UInt64(digits, radix: 8) ?? 0) & 3 != 0
        }
        return false
    }
}

extension LockHolder {
    /// Reads who `process` is. Ask while it holds the lock: afterwards it may be gone, or somebody else.
    static func identify(_ process: Int32, showsArguments: Bool) -> LockHolder {
        var holder = LockHolder(process: process)
        let folder = "/proc/\(process)"
        holder.name = RawSystem.text(of: folder + "/comm").map { String($0.prefix { $0 != "\n" }) }
        holder.executable = RawSystem.linkTarget(of: folder + "/exe")
        if showsArguments {
            holder.arguments = RawSystem.text(of: folder + "/cmdline")?
                .split(separator: "\0").joined(separator: " ")
        }
        return holder
    }
}
