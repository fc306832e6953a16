/// The pages of the program and of its libraries that are in memory.
///
/// Starting, judging a minute and keeping it touch some 25 MB of code and tables of which a look needs hardly any, and
/// while memory is plentiful the kernel takes none of it away from a process that runs for months.
package enum ProgramPages {
    /// Gives back what is nothing but a copy of a file; what is needed again comes from the page cache.
    ///
    /// A stretch that may be written, or in which any page is not the file's any more, stays as it is. Costs some
    /// milliseconds; does nothing where there is no `/proc`.
    /// To be called where no other thread loads a library: until the loader has put a library's parts into their places,
    /// its mapping looks like one that is never written.
    package static func letGo() {
        var smaps = Smaps()
        RawSystem.readLines(of: "/proc/self/smaps") { line in
            if let stretch = smaps.take(line) { RawSystem.letGo(stretch) }
        }
    }

    /// Finds the addresses of unchanged parts of files, in the format of `proc_pid_smaps(5)`.
    ///
    /// Line by line, as the whole text would be a part of what this is to save.
    struct Smaps {
        private var mapping: Range<UInt>?

        /// Takes the next line, and returns a stretch when it ends what has to be known of one.
        mutating func take(_ line: [UInt8]) -> Range<UInt>? {
            guard let first = line.first else { return nil }
            if first >= UInt8(ascii: "a") || first <= UInt8(ascii: "9") {
                mapping = ProgramPages.addresses(ofMapping: line)
            } else if let found = mapping, line.starts(with: "Anonymous:".utf8) {
                mapping = nil
                let isUnchanged = line.allSatisfy { !(UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) }
                return isUnchanged ? found : nil
            }
            return nil
        }
    }

    /// `7f2a90000000-7f2a90021000 r-xp 00000000 fe:00 5531213   /usr/lib/…`: nil where it may be written, or has no file.
    fileprivate static func addresses(ofMapping line: [UInt8]) -> Range<UInt>? {
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
        guard words.count == 6, words[1].count == 4, words[1].first == UInt8(ascii: "r"),
            words[1].dropFirst().first == UInt8(ascii: "-"), words[1].last == UInt8(ascii: "p"),
            words[4] != [UInt8(ascii: "0")]
        else { return nil }
        let ends = words[0].split(separator: UInt8(ascii: "-")).map {
            UInt(String(decoding: $0, as: UTF8.self), radix: 16)
        }
        guard ends.count == 2, let start = ends[0], let end = ends[1], start < end else { return nil }
        return start..<end
    }
}
