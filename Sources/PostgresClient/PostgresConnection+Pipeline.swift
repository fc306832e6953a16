internal import COutgrowLibPQ
internal import Diagnostics

/// What was sent in pipeline mode and is not answered yet, in order.
///
/// https://www.postgresql.org/docs/current/libpq-pipeline-mode.html
struct Pipeline {
    enum Step {
        case begin
        case prepare(PreparedStatement)
        /// What types the server found for its parameters.
        case describe(PreparedStatement)
        case execute(PreparedStatement)
        /// The same statement that many times, whose rows nobody wants.
        case rows(PreparedStatement, Int)
        /// The end of a batch.
        case sync
    }

    private var steps: [Step] = []
    private var head = 0
    /// How many batches have been sent and not read.
    private(set) var batchCount = 0
    /// Something is queued that no batch has the end of: libpq may not have sent it yet.
    var isInsideBatch: Bool {
        guard let last = steps.last else { return false }
        if case .sync = last { return false }
        return true
    }
    /// The first failure; what follows it in its batch is not run.
    var failure: PostgresFailure?

    mutating func append(_ step: Step) {
        if case .sync = step { batchCount += 1 }
        steps.append(step)
    }

    mutating func next() -> Step? {
        guard head < steps.count else { return nil }
        let step = steps[head]
        head += 1
        if case .sync = step { batchCount -= 1 }
        if head == steps.count {
            steps.removeAll(keepingCapacity: true)
            head = 0
        }
        return step
    }
}

extension PostgresConnection {
    /// Enters pipeline mode: until `endPipeline` statements are queued, not run one by one.
    package func startPipeline() throws {
        if statements.discarded.count > 64 { try deallocateDiscarded() }
        let handle = try startStatement("")
        guard unsafe PQenterPipelineMode(handle.pointer) == 1 else { throw lost(handle.errorMessage) }
        pipeline = Pipeline()
        guard let begin = pendingBegin else { return }
        guard unsafe PQsendQueryParams(handle.pointer, begin, 0, nil, nil, nil, nil, 0) == 1 else {
            throw notSent(handle, begin)
        }
        pendingBegin = nil
        pipeline.append(.begin)
    }

    /// Queues a statement with the values in `parameters`, and first its preparation if it is new.
    package func queue(_ text: String) throws {
        let handle = try liveHandle()
        let statement = try queuedStatement(text, parameters, 0, parameters.count, handle)
        guard send(statement, handle) else { throw notSent(handle, text) }
        pipeline.append(.execute(statement))
    }

    /// Queues a statement once for each `width` values of `buffer`.
    package func queueRows(_ text: String, _ buffer: ParameterBuffer, width: Int, count: Int) throws {
        let handle = try liveHandle()
        var row = 0
        while row < count {
            let start = row
            let statement = try queuedStatement(text, buffer, start * width, width, handle)
            repeat {
                guard send(statement, buffer, row * width, width, handle) else { throw notSent(handle, text) }
                row += 1
            } while row < count && buffer.hasTypes(statement.types, at: row * width)
            pipeline.append(.rows(statement, row - start))
        }
    }

    /// The statement for values of these types, if need be with its preparation in front.
    private func queuedStatement(
        _ text: String, _ buffer: ParameterBuffer, _ start: Int, _ count: Int, _ handle: ConnectionHandle
    ) throws -> PreparedStatement {
        if statements.capacity > 0, let known = statements.statement(text, buffer, start, count) {
            noteTouch(known.touchesSession)
            return known
        }
        try requireNoNUL(text)
        let types = buffer.types(start, count)
        guard statements.capacity > 0 else {
            let unnamed = PreparedStatement(name: "", text: text, types: types)
            noteTouch(unnamed.touchesSession)
            return unnamed
        }
        let statement = statements.add(text, types)
        noteTouch(statement.touchesSession)
        guard sendPrepare(statement, handle) else { throw notSent(handle, text) }
        pipeline.append(.prepare(statement))
        if statement.hasInferredTypes {
            guard sendDescribe(statement, handle) else { throw notSent(handle, text) }
            pipeline.append(.describe(statement))
        }
        return statement
    }

    /// Ends a batch and sends all of it, taking in meanwhile what the server answers.
    package func syncPipeline() throws {
        let handle = try liveHandle()
        guard unsafe PQpipelineSync(handle.pointer) == 1 else { throw lost(handle.errorMessage) }
        pipeline.append(.sync)
        try flush(handle)
    }

    /// How many batches are on their way.
    package var unreadBatchCount: Int { pipeline.batchCount }
    /// A statement of a batch that was read has failed; `endPipeline` throws it.
    package var hasPipelineFailed: Bool { pipeline.failure != nil }

    /// Reads the answers to the oldest batch, and calls `body` with the result of each statement that `queue` sent.
    ///
    /// Returns how many rows those of `queueRows` have changed.
    @discardableResult
    package func readBatch(_ body: (PostgresResult) -> Void) throws -> Int {
        let handle = try liveHandle()
        var changedRows = 0
        while let step = pipeline.next() {
            if case .rows(let statement, let count) = step {
                changedRows += try readRows(of: statement, count, handle)
                continue
            }
            guard let result = try nextResult(handle) else { throw lost(handle.errorMessage) }
            if case .sync = step { return changedRows }
            let status = result.status
            note(status, of: step, result)
            if pipeline.failure != nil, !handle.isUp { break }
            try refuseCopy(status)
            if case .execute = step, pipeline.failure == nil { body(result) }
            if case .describe(let statement) = step, status == PGRES_COMMAND_OK { statement.describe(result) }
            guard try nextResult(handle) == nil else {
                throw lost("a statement of a pipeline returned two results")
            }
        }
        if let failure = pipeline.failure { throw thrown(failure) }
        return changedRows
    }

    /// Reads the answers to one statement that was sent many times, without an object for each.
    private func readRows(of statement: PreparedStatement, _ count: Int, _ handle: ConnectionHandle) throws
        -> Int
    {
        var changedRows = 0
        // One statement says the same each time but for the number.
        var countsRows: Bool?
        for _ in 0..<count {
            while unsafe PQisBusy(handle.pointer) != 0 { try awaitInput(handle) }
            guard let pointer = unsafe PQgetResult(handle.pointer) else { throw lost(handle.errorMessage) }
            let status = unsafe PQresultStatus(pointer)
            if status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK {
                let counts = unsafe countsRows ?? PostgresResult.countsChangedRows(pointer)
                countsRows = counts
                if counts { changedRows += unsafe PostgresResult.number(of: pointer) }
                unsafe PQclear(pointer)
            } else {
                note(status, of: .execute(statement), unsafe PostgresResult(owning: pointer))
                if !handle.isUp, let failure = pipeline.failure { throw thrown(failure) }
                try refuseCopy(status)
            }
            // In a pipeline the answer is whole, and libpq says so without looking for input.
            guard unsafe PQgetResult(handle.pointer) == nil else {
                throw lost("a statement of a pipeline returned two results")
            }
        }
        return changedRows
    }

    private func refuseCopy(_ status: ExecStatusType) throws {
        guard status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH else { return }
        close()
        throw OutgrowError.copyAsStatement
    }

    private func note(_ status: ExecStatusType, of step: Pipeline.Step, _ result: PostgresResult) {
        let hasFailed = status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE
        guard hasFailed || status == PGRES_PIPELINE_ABORTED else { return }
        switch step {
        case .begin, .sync: if hasFailed { noteFailure(result, "BEGIN") }
        case .prepare(let statement):
            statements.removeUnprepared(statement)
            if hasFailed { noteFailure(result, statement.text) }
        case .describe(let statement), .execute(let statement), .rows(let statement, _):
            guard hasFailed else { return }
            let isFirst = pipeline.failure == nil
            noteFailure(result, statement.text)
            if isFirst {
                lastFailure = pipeline.failure
                forgetIfStale(statement)
            }
        }
    }

    private func noteFailure(_ result: PostgresResult, _ text: String) {
        if pipeline.failure == nil { pipeline.failure = PostgresFailure(result, statement: text) }
    }

    /// Reads what is left, leaves pipeline mode, and throws the first failure there was.
    package func endPipeline() throws {
        let handle = try liveHandle()
        while pipeline.batchCount > 0 { try readBatch { _ in } }
        guard unsafe PQexitPipelineMode(handle.pointer) == 1 else { throw lost(handle.errorMessage) }
        if let failure = pipeline.failure {
            pipeline.failure = nil
            throw thrown(failure)
        }
    }

    /// Leaves pipeline mode after the sender itself has failed: what was queued is sent, run and answered.
    package func abandonPipeline() {
        guard let handle, !isInterrupted else {
            endInterrupted()
            return
        }
        guard unsafe PQpipelineStatus(handle.pointer) != PQ_PIPELINE_OFF else { return }
        do {
            try syncPipeline()
            try endPipeline()
        } catch {
            // A failure of a statement is not news: the sender's own error is on its way. A broken
            // connection has closed itself.
            if self.handle != nil, unsafe PQpipelineStatus(handle.pointer) != PQ_PIPELINE_OFF { close() }
        }
    }
}
