/// `/proc/locks`: who holds which bytes of which file, for all processes that this one may see.
struct LockTable: Sendable {
    struct Row: Sendable, Hashable {
        var isExclusive: Bool
        var process: Int32
        var first: Int64
        /// Int64.max: to the end of the file.
        var last: Int64
        var device: String
        var inode: UInt64
    }

    var rows: [Row] = []

    init(rows: [Row] = []) { self.rows = rows }

    /// Reads lines such as `3: POSIX  ADVISORY  READ 1178 fe:00:1213895 128 128`; those that wait are left
    /// out.
    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count >= 8, words[1] == "POSIX" || words[1] == "OFDLCK", words[2] == "ADVISORY",
                let process = Int32(words[4]), let first = Int64(words[6])
            else { continue }
            let place = words[5].split(separator: ":")
            guard place.count == 3, let inode = UInt64(place[2]) else { continue }
            rows.append(
                Row(
                    isExclusive: words[3] == "WRITE", process: process, first: first,
                    last: Int64(words[7]) ?? .max, device: "\(place[0]):\(place[1])", inode: inode))
        }
    }

    /// The locks on one file. Some file systems number their devices otherwise here: then the inode has to
    /// do.
    func rows(of file: FileIdentity) -> [Row] {
        let sameInode = rows.filter { $0.inode == file.inode }
        let device = Self.hexadecimal(file.major) + ":" + Self.hexadecimal(file.minor)
        let sameDevice = sameInode.filter { $0.device == device }
        return sameDevice.isEmpty ? sameInode : sameDevice
    }

    private static func hexadecimal(_ number: UInt32) -> String {
        let text = String(number, radix: 16)
        return text.count < 2 ? "0" + text : text
    }
}
