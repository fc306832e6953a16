/// The file system below a database: where its locks are only good on one machine, sampling is not enough.
package struct FileSystemKind: Sendable, Hashable, Codable {
    /// As the kernel names it: `ext4`, `nfs4`.
    package var name: String

    package init(name: String) { self.name = name }

    /// Shared with other machines, whose locks and processes cannot be seen from here.
    package var isNetwork: Bool {
        [
            "nfs", "cifs", "smb", "9p", "ceph", "gfs2", "ocfs2", "lustre", "afs", "fuse.sshfs",
            "fuse.glusterfs",
        ]
        .contains { name.hasPrefix($0) }
    }

    /// From a host machine or a program: POSIX locks may not reach through.
    package var isForeign: Bool { name == "virtiofs" || name == "vboxsf" || name.hasPrefix("fuse") }

    /// Looks the device up in the lines of `/proc/self/mountinfo`, then the longest mount point above `path`.
    init?(mountInfo text: String, device: String, path: String) {
        var best: (length: Int, name: String)?
        for line in text.split(separator: "\n") {
            let halves = line.split(separator: " - ", maxSplits: 1)
            guard halves.count == 2, let kind = halves[1].split(separator: " ").first else { continue }
            let words = halves[0].split(separator: " ")
            guard words.count >= 5 else { continue }
            if words[2] == device {
                name = String(kind)
                return
            }
            let mount = words[4].replacing("\\040", with: " ")
            guard path == mount || path.hasPrefix(mount.hasSuffix("/") ? mount : mount + "/") else {
                continue
            }
            if mount.count >= best?.length ?? 0 { best = (mount.count, String(kind)) }
        }
        guard let best else { return nil }
        name = best.name
    }

    init?(of path: String, identity: FileIdentity) {
        guard let text = RawSystem.text(of: "/proc/self/mountinfo") else { return nil }
        self.init(mountInfo: text, device: "\(identity.major):\(identity.minor)", path: path)
    }
}
