extension String {
    /// Whether the character U+0000 is in it, which Postgres stores nowhere and C takes for the end.
    ///
    /// Looks at eight bytes at a time: every text that is bound is searched.
    package var containsNUL: Bool {
        let found = unsafe utf8.withContiguousStorageIfAvailable { bytes in
            unsafe Self.containsZero(UnsafeRawBufferPointer(bytes))
        }
        return found ?? utf8.contains(0)
    }

    private static func containsZero(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let wordsEnd = bytes.count & ~7
        for offset in stride(from: 0, to: wordsEnd, by: 8) {
            let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            // Set where a byte was zero, and perhaps in the bytes above it.
            if (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 != 0 { return true }
        }
        for offset in wordsEnd..<bytes.count where unsafe bytes[offset] == 0 { return true }
        return false
    }
}
