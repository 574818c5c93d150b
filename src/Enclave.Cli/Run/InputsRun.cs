using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Enclave.Cli.Batch;
using Enclave.Cli.Commands;
using Enclave.Cli.Scripts;
using Enclave.Cli.Terminals;
using Enclave.Protocol;

namespace Enclave.Cli.Run;

/// <summary>Runs one script for each line of a file, and prints a line for each.</summary>
internal sealed class InputsRun(RunRequest request, Terminal terminal, Interrupt interrupt)
{
    private readonly BatchTally _tally = new("inputs");

    // The lines that were read and have no answer yet: the number of each, and its fault if it is not JSON.
    private readonly ConcurrentQueue<(long Line, ExecutionError? Fault)> _open = new();

    /// <param name="file">The file of inputs, or <c>-</c>.</param>
    /// <param name="workers">Worker processes.</param>
    /// <param name="failOnError">True for exit code 1 if an input failed.</param>
    public async Task<int> RunAsync(string file, int workers, bool failOnError)
    {
        string code = await ScriptSource.ReadAsync(request.File, interrupt.Token).ConfigureAwait(false);
        using var lines = new BatchLines(file);
        EnclaveOptions settings = request.Host.ToOptions(request.Host.Level, request.Tools.CallAsync);
        (settings.Adapter, settings.WorkerPool) = (EnclaveAdapter.WorkerPool, settings.WorkerPool! with { MaxWorkers = workers });
        var host = new EnclaveHost(settings);
        await using (host.ConfigureAwait(false))
        {
            await BatchProgress.WatchAsync(terminal, lines, _tally, () => RunAsync(host, code, lines, workers)).ConfigureAwait(false);
        }

        if (interrupt.Token.IsCancellationRequested) terminal.Fail("interrupted");
        terminal.Error.WriteLine(_tally.ToString());
        if (interrupt.Token.IsCancellationRequested) return interrupt.ExitCode;
        return failOnError && _tally.AnyFailed ? ExitCode.ScriptFailed : ExitCode.Success;
    }

    private async Task RunAsync(EnclaveHost host, string code, BatchLines lines, int workers)
    {
        var run = new RunOptions
        {
            Globals = request.Globals,
            SourceName = ScriptSource.NameOf(request.File),
            Language = request.Language,
            Tenant = request.Tenant,
            OnConsole = (line) => terminal.Error.WriteLine(line.Text),
        };
        try
        {
            await foreach (InputResult result in host.RunManyAsync(
                code, InputsAsync(lines), new RunManyOptions { Run = run, Concurrency = Math.Min(workers, 64) }, interrupt.Token).ConfigureAwait(false))
            {
                PrintFaults();
                if (_open.TryDequeue(out (long Line, ExecutionError? Fault) answered)) Print(answered.Line, result.Value, result.Error);
            }

            PrintFaults();
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            // The exit code reports the fault.
        }
    }

    private async IAsyncEnumerable<object?> InputsAsync(BatchLines lines, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (BatchLine line in lines.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            ScriptValue? input = null;
            ExecutionError? fault = null;
            try
            {
                using JsonDocument json = JsonDocument.Parse(line.Text ?? throw new JsonException($"it has more than {BatchLine.MaxCharacters} characters"));
                input = ScriptValue.From(json.RootElement);
            }
            catch (Exception wrong) when (wrong is JsonException or ArgumentException)
            {
                fault = BatchRun.Failure(line, $"is not JSON: {wrong.Message}");
            }

            _open.Enqueue((line.Number, fault));
            if (fault is null) yield return input;
        }
    }

    private void PrintFaults()
    {
        while (_open.TryPeek(out (long Line, ExecutionError? Fault) next) && next.Fault is not null)
        {
            _open.TryDequeue(out _);
            Print(next.Line, ScriptValue.Undefined, next.Fault);
        }
    }

    private void Print(long line, ScriptValue value, ExecutionError? error)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, BatchPrinter.Json))
        {
            writer.WriteStartObject();
            writer.WriteNumber("line"u8, line);
            writer.WriteBoolean("success"u8, error is null);
            if (error is not null)
            {
                ExecutionResult.WriteError(writer, error);
            }
            else if (value.Kind != ScriptValueKind.Undefined)
            {
                writer.WritePropertyName("value"u8);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        terminal.Output.WriteLine(Encoding.UTF8.GetString(text.GetBuffer().AsSpan(0, (int)text.Length)));
        _tally.Count(error is null);
    }
}
