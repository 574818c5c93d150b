using Enclave.Cli.Commands;
using Enclave.Cli.Terminals;
using Enclave.Guard;
using Enclave.Limits;
using Enclave.Protocol;
using Enclave.Runs;

namespace Enclave.Cli.Batch;

/// <summary>Runs the jobs of a batch and prints each result as soon as it is ready.</summary>
internal sealed class BatchRun(BatchRequest request, Terminal terminal, Interrupt interrupt)
{
    private readonly BatchTally _tally = new();
    private readonly BatchPrinter _printer = new(terminal.Output);

    public async Task<int> RunAsync()
    {
        using var lines = new BatchLines(request.File);
        var hosts = new LevelHosts(request);
        await using (hosts.ConfigureAwait(false))
        {
            await BatchProgress.WatchAsync(terminal, lines, _tally, () => RunAsync(lines, hosts)).ConfigureAwait(false);
        }

        if (interrupt.Token.IsCancellationRequested) terminal.Fail("interrupted");
        terminal.Error.WriteLine(_tally.ToString());
        if (interrupt.Token.IsCancellationRequested) return interrupt.ExitCode;
        return request.FailOnError && _tally.AnyFailed ? ExitCode.ScriptFailed : ExitCode.Success;
    }

    private Task RunAsync(BatchLines lines, LevelHosts hosts) => Parallel.ForEachAsync(
        // Jobs start while lines are read, in the order of the file.
        lines.ReadAsync(interrupt.Token)
            // The token in ReadAsync is linked to this one, and is cancelled after the jobs' tokens. Until then each cancelled job would let the next line
            // start.
            .TakeWhile((_) => !interrupt.Token.IsCancellationRequested)
            .Select((line) => AnswerAsync(line, hosts)),
        new ParallelOptions { MaxDegreeOfParallelism = request.InFlight },
        async (answer, _) =>
        {
            (BatchId id, ExecutionResult result) = await answer.ConfigureAwait(false);
            _printer.Print(id, result);
            _tally.Count(result.Success);
        });

    private async Task<(BatchId Id, ExecutionResult Result)> AnswerAsync(BatchLine line, LevelHosts hosts)
    {
        BatchJob job;
        try
        {
            job = BatchJobParser.Parse(
                line.Text ?? throw new BatchLineException($"it has more than {BatchLine.MaxCharacters} characters", BatchId.None));
        }
        catch (BatchLineException fault)
        {
            return (fault.Id, Failure(ErrorCode.ValidationError, line, fault.Message));
        }

        if (job.Operation == BatchOperation.Validate) return (
            job.Id, Judged(hosts.GuardFor(job).Validate(job.Code, [.. Globals(job).Keys], language: (job.Language ?? ScriptLanguage.Either).Reading())));
        // Outside of the try: a wrong option of the command line ends the whole batch.
        EnclaveHost host = hosts.For(job);
        try
        {
            RunOptions options = job.Run with { Language = job.Language, Globals = Globals(job), Tenant = request.Tenant };
            return (job.Id, await host.RunAsync(job.Code, options, interrupt.Token).ConfigureAwait(false));
        }
        catch (ArgumentException fault)
        {
            return (job.Id, Failure(ErrorCode.ValidationError, line, OptionFaults.TextOf(fault)));
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            return (job.Id, Failure(ErrorCode.Cancelled, line, "the batch was interrupted"));
        }
    }

    private Dictionary<string, object?> Globals(BatchJob job)
    {
        var globals = new Dictionary<string, object?>(request.Globals);
        foreach ((string name, object? value) in job.Run.Globals!) globals[name] = value;
        return globals;
    }

    /// <summary>The result of a refused script, the same as if it had been run.</summary>
    private static ExecutionResult Judged(ValidationResult verdict) => new()
    {
        Value = ScriptValue.Undefined,
        Error = verdict.Valid ? null : Refusal.Of(verdict),
        Stdout = "",
        Stats = new ExecutionStats(),
    };

    private static ExecutionResult Failure(ErrorCode code, BatchLine line, string message) => new()
    {
        Value = ScriptValue.Undefined,
        Error = Failure(line, message, code),
        Stdout = "",
        Stats = new ExecutionStats(),
    };

    /// <summary>The error of a line.</summary>
    internal static ExecutionError Failure(BatchLine line, string message, ErrorCode code = ErrorCode.ValidationError) => new()
    {
        Code = code,
        Name = code.ToCode(),
        Message = $"line {line.Number}: {message}",
        Data = new Dictionary<string, object?> { ["line"] = line.Number },
    };
}
