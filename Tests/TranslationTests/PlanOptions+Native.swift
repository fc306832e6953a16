import Schema

extension PlanOptions {
    /// Without compatibility functions: what Postgres does natively, and what is refused for want of it.
    static var native: PlanOptions {
        var options = PlanOptions()
        options.usesCompatibility = false
        return options
    }
}
