internal import OutgrowCLI

/// The process: one call.
@main struct Main {
    static func main() { startOutgrow() }
}
