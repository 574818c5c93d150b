using Enclave.Cli.Terminals;

namespace Enclave.Cli.Run;

/// <summary>Runs one script and prints what it says and gives.</summary>
internal sealed class ScriptRun(Terminal terminal)
{
    public async Task<int> RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        string code = await ScriptSource.ReadAsync(request.File, cancellationToken).ConfigureAwait(false);
        var printer = new ResultPrinter(terminal, request.Json, ScriptSource.NameOf(request.File), code);
        var options = new RunOptions
        {
            Globals = request.Globals,
            SourceName = ScriptSource.NameOf(request.File),
            OnConsole = printer.PrintConsole,
        };
        var host = new EnclaveHost(request.Host.ToOptions(request.Host.Level, request.Tools.CallAsync));
        await using (host.ConfigureAwait(false))
        {
            ExecutionResult result = await host.RunAsync(code, options, cancellationToken).ConfigureAwait(false);
            printer.Print(result);
            return ExitCode.For(result);
        }
    }
}
