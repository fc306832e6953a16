internal import COutgrowProgramPages

/// The pages of the program and of its libraries that are in memory.
///
/// Starting, judging a minute and keeping it touch some 25 MB of code and tables of which a look needs hardly any, and
/// while memory is plentiful the kernel takes none of it away from a process that runs for months.
package enum ProgramPages {
    /// Gives back what is nothing but a copy of a file; what is needed again comes from the page cache.
    ///
    /// Parts that may be written, or that the loader has written to, stay as they are. Returns how many were given back:
    /// none on other systems than Linux. Costs less than a millisecond.
    @discardableResult
    package static func letGo() -> Int { Int(outgrow_let_go_of_program_pages()) }
}
