using System.Runtime.InteropServices;
using Enclave.Runtime;

namespace Enclave.Lambda;

/// <summary>A Lambda function. It creates the runtime once per environment, and serves every request that Lambda sends there.</summary>
internal static class Program
{
    private static async Task<int> Main()
    {
        if (Environment.GetEnvironmentVariable(RuntimeApi.Variable) is not { Length: > 0 } place)
        {
            await Console.Error.WriteLineAsync($"{RuntimeApi.Variable} is not set: Lambda sets it, and nothing else starts this.").ConfigureAwait(false);
            return 2;
        }

        using var stop = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, (signal) =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });
        using var api = new RuntimeApi(place);
        SecurityLevel level;
        try
        {
            level = FunctionLevel.Read(Environment.GetEnvironmentVariable(FunctionLevel.Variable));
        }
        catch (FormatException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message).ConfigureAwait(false);
            await api.FailInitAsync("Enclave.Setting", fault.Message).ConfigureAwait(false);
            return 2;
        }

        RuntimeWorker runtime = RuntimeWorkerFactory.CreateRuntimeWorker(Options(level));
        await using (runtime.ConfigureAwait(false))
        {
            try
            {
                if (await WarmAsync(runtime).ConfigureAwait(false) is { } fault)
                {
                    await Console.Error.WriteLineAsync(fault).ConfigureAwait(false);
                    await api.FailInitAsync("Enclave.NotReady", fault).ConfigureAwait(false);
                    return 1;
                }

                await InvocationLoop.RunAsync(api, new ScriptFunction(runtime, TimeProvider.System), stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Lambda shuts the environment down.
            }
            catch (RuntimeApiException fault)
            {
                await Console.Error.WriteLineAsync($"Lambda's runtime interface: {fault.Message}").ConfigureAwait(false);
                return 1;
            }
        }

        return 0;
    }

    private static RuntimeWorkerOptions Options(SecurityLevel level) => new()
    {
        // An environment has one request at a time.
        MaxSessions = 1,
        SecurityLevel = level,
        ConfigureHost = static (host) => host.AllowDegradedIsolation = LambdaIsolation.Missing,
        // Scripts that call tools get NO_TOOL_HANDLER: register your tools here.
        ToolHandler = null,
    };

    /// <summary>Runs a script before the first request, in Lambda's initialisation time. Returns the reason why scripts cannot run here, or null.</summary>
    private static async Task<string?> WarmAsync(RuntimeWorker runtime)
    {
        try
        {
            RuntimeResult result = await runtime.ExecuteSync(null, "return 1").ConfigureAwait(false);
            return result.Error is { } error ? $"{error.Code}: {error.Message}" : null;
        }
        catch (Exception fault) when (fault is IOException or PlatformNotSupportedException)
        {
            return fault.Message;
        }
    }
}
