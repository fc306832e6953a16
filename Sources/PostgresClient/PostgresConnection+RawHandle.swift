extension PostgresConnection {
    /// The address of libpq's own `PGconn`, for use on the connection's thread before anything else is done with it.
    ///
    /// An integer, as a pointer may not leave the actor.
    package func rawHandleAddress() throws -> UInt {
        let handle = try liveHandle()
        return unsafe UInt(bitPattern: handle.pointer)
    }
}
