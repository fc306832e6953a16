internal import COutgrowCompatibility

/// The files of SQL that lie beside this one, as the C compiler embedded them.
enum EmbeddedFiles {
    static var all: [String] {
        var files: [String] = []
        while true {
            let file = unsafe outgrow_compatibility_file(files.count)
            guard let start = unsafe file.start else { return files }
            let bytes = unsafe UnsafeBufferPointer(start: start, count: file.size)
            files.append(unsafe String(decoding: bytes, as: UTF8.self))
        }
    }
}
