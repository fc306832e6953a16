/// What a storage can do, so that code asks for an ability and never for a type.
public struct StorageCapabilities: Sendable, Hashable {
    /// Which SQL it understands.
    public var dialect: Dialect
    /// Several `write` transactions may run at the same time; else they queue behind one another.
    public var hasConcurrentWriters: Bool
    /// `FOR UPDATE`, `SKIP LOCKED` and advisory locks exist.
    public var hasRowLocks: Bool
    /// Other processes, on other machines, see the same data.
    public var isRemote: Bool
    /// The data is gone after `shutdown()`.
    public var isTemporary: Bool
    /// `write` is refused: the file, the server or a policy allows reads only.
    public var isReadOnly: Bool

    /// Names what a storage can do; what is left out it cannot.
    public init(
        dialect: Dialect, hasConcurrentWriters: Bool = false, hasRowLocks: Bool = false,
        isRemote: Bool = false, isTemporary: Bool = false, isReadOnly: Bool = false
    ) {
        self.dialect = dialect
        self.hasConcurrentWriters = hasConcurrentWriters
        self.hasRowLocks = hasRowLocks
        self.isRemote = isRemote
        self.isTemporary = isTemporary
        self.isReadOnly = isReadOnly
    }
}
