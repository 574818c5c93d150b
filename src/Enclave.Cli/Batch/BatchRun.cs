using Enclave.Cli.Terminals;
using Enclave.Protocol;

namespace Enclave.Cli.Batch;

/// <summary>Runs the jobs of a batch and prints each result when it is there.</summary>
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
        return interrupt.Token.IsCancellationRequested ? interrupt.ExitCode : ExitCode.Success;
    }

    private Task RunAsync(BatchLines lines, LevelHosts hosts) => Parallel.ForEachAsync(
        // Begun while the lines are read, so that jobs start in the order of the file.
        lines.ReadAsync(interrupt.Token).Select((line) => AnswerAsync(line, hosts)),
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
            job = BatchJobParser.Parse(line.Text);
        }
        catch (BatchLineException fault)
        {
            return (fault.Id, Failure(ErrorCode.ValidationError, line, fault.Message));
        }

        // Outside the try: a wrong option of the command line ends the batch, not one job after another.
        EnclaveHost host = hosts.For(job.Level ?? request.Host.Level);
        try
        {
            return (job.Id, await host.RunAsync(job.Code, Options(job), interrupt.Token).ConfigureAwait(false));
        }
        catch (ArgumentException fault)
        {
            return (job.Id, Failure(ErrorCode.ValidationError, line, fault.Message.Split(" (Parameter '", 2)[0]));
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            return (job.Id, Failure(ErrorCode.Cancelled, line, "the batch was interrupted"));
        }
    }

    private RunOptions Options(BatchJob job)
    {
        var globals = new Dictionary<string, object?>(request.Globals);
        foreach ((string name, object? value) in job.Globals) globals[name] = value;
        return new RunOptions
        {
            Timeout = job.Timeout,
            MemoryLimit = job.MemoryLimit,
            MaxIterations = job.MaxIterations,
            MaxToolCalls = job.MaxToolCalls,
            Globals = globals,
            Context = job.Tools,
        };
    }

    private static ExecutionResult Failure(ErrorCode code, BatchLine line, string message) => new()
    {
        Value = ScriptValue.Undefined,
        Error = new ExecutionError
        {
            Code = code,
            Name = code.ToCode(),
            Message = $"line {line.Number}: {message}",
            Data = new Dictionary<string, object?> { ["line"] = line.Number },
        },
        Stdout = "",
        Stats = new ExecutionStats(),
    };
}
