using Enclave.Cli.Commands;
using Enclave.Cli.Scripts;
using Enclave.Cli.Terminals;
using Enclave.Journals;
using Enclave.Tenants;

namespace Enclave.Cli.Run;

/// <summary>Runs one script and prints its output and result.</summary>
internal sealed class SingleRun(Terminal terminal)
{
    public async Task<int> RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var options = new RunOptions
        {
            Globals = request.Globals,
            SourceName = ScriptSource.NameOf(request.File),
            Language = request.Language,
            Record = request.Record is not null,
            Durable = request.Durable,
            Tenant = request.Tenant,
        };
        if (request.Saved is { } store)
            return await RunAsync(request, (host) => SavedAsync(new SavedScripts(store, host), request, options, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
        string code = await ScriptSource.ReadAsync(request.File, cancellationToken).ConfigureAwait(false);
        if (request.FromModel)
        {
            ModelAnswer answer = ModelAnswer.Read(code);
            code = answer.Source;
            options = options with { Language = answer.LanguageOr(request.Language) };
            if (answer.Refusal is { } refusal)
            {
                new ResultPrinter(terminal, request.Json, options.SourceName, code).PrintRefused(refusal);
                return ExitCode.Refused;
            }
        }

        return await RunAsync(request, (_) => Task.FromResult((code, options)), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<(string Code, RunOptions Options)> SavedAsync(
        SavedScripts scripts, RunRequest request, RunOptions options, CancellationToken cancellationToken)
    {
        object? arguments = request.Globals.GetValueOrDefault("args");
        SavedRun run = await scripts.PrepareAsync(request.File, arguments, options, cancellationToken).ConfigureAwait(false);
        return (run.Code, run.Options);
    }

    private async Task<int> RunAsync(
        RunRequest request, Func<EnclaveHost, Task<(string Code, RunOptions Options)>> prepare, CancellationToken cancellationToken)
    {
        // Opened first: without a place for the recording, the run need not start.
        using RecordingTarget? target = request.Record is { } record ? RecordingTarget.Open(record) : null;
        EnclaveOptions settings = request.Host.ToOptions(request.Host.Level, request.Tools.CallAsync);
        (settings.Durable, settings.KeepRecordings) = (request.Store, request.Keep);
        var host = new EnclaveHost(settings);
        await using (host.ConfigureAwait(false))
        {
            (string code, RunOptions options) = await prepare(host).ConfigureAwait(false);
            var printer = new ResultPrinter(terminal, request.Json, options.SourceName!, code);
            if (request.Stream) return await StreamAsync(host, code, options, cancellationToken).ConfigureAwait(false);
            options = options with { OnConsole = printer.PrintConsole };
            if (request.Durable is not null) return await RunDurableAsync(host, code, options, request, printer, cancellationToken).ConfigureAwait(false);
            ExecutionResult result = await host.RunAsync(code, options, cancellationToken).ConfigureAwait(false);
            printer.Print(result);
            if (request.Keep is { } keep && await IsKeptAsync(keep, result.RunId, request.Tenant).ConfigureAwait(false))
                terminal.Error.WriteLine($"recording kept: {result.RunId}");
            if (target is not null && !await target.SaveAsync(result, terminal).ConfigureAwait(false)) return ExitCode.HostFailed;
            return ExitCode.For(result);
        }
    }

    private async Task<bool> IsKeptAsync(KeepRecordings keep, string? runId, string? tenant)
    {
        try
        {
            return runId is not null
                && await keep.Store.ReadAsync(new RunKey(tenant, runId), CancellationToken.None).ConfigureAwait(false) is not null;
        }
        catch (JournalException fault)
        {
            terminal.Error.WriteLine($"warning: no recording is kept: {fault.Message}", Ink.Warning);
            return false;
        }
    }

    private async Task<int> RunDurableAsync(
        EnclaveHost host, string code, RunOptions options, RunRequest request, ResultPrinter printer, CancellationToken cancellationToken)
    {
        try
        {
            DurableRun run = await host.StartAsync(code, options, cancellationToken).ConfigureAwait(false);
            if (request.Wait && run.State != DurableRunState.Ended) run = await host.Runs.WaitAsync(run.Name, options, cancellationToken).ConfigureAwait(false);
            return new DurableRunPrinter(terminal, request.Json).Conclude(run, printer);
        }
        catch (JournalException fault)
        {
            terminal.Fail(fault.Message);
            return ExitCode.For(fault);
        }
    }

    private async Task<int> StreamAsync(EnclaveHost host, string code, RunOptions options, CancellationToken cancellationToken)
    {
        int exit = ExitCode.HostFailed;
        // The reader of a pipe may be slow, and wants all events.
        options = options with { MaxBufferedEvents = 100_000, MaxBufferedEventBytes = 64 << 20 };
        await foreach (ExecutionEvent happened in host.StreamAsync(code, options, cancellationToken).ConfigureAwait(false))
        {
            terminal.Output.WriteJson(happened.ToJsonString());
            if (happened is FinishedEvent finished) exit = ExitCode.For(finished.Result);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return exit;
    }
}
