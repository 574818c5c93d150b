namespace Enclave.Host.Tests.Libraries;

/// <summary>Hosts with libraries, and the results of their scripts.</summary>
internal static class LibraryHost
{
    public static EnclaveHost With(params Library[] libraries) => At(SecurityLevel.Standard, libraries);

    public static EnclaveHost At(SecurityLevel level, params Library[] libraries) => new(Options(level, libraries));

    public static EnclaveOptions Options(SecurityLevel level, params Library[] libraries) => new()
    {
        SecurityLevel = level,
        AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        Libraries = libraries,
        ToolHandler = (name, args, context) => new(args),
    };

    /// <summary>The rules for scripts would stop most attempts before the worker.</summary>
    public static EnclaveHost Unguarded(SecurityLevel level, params Library[] libraries)
    {
        EnclaveOptions options = Options(level, libraries);
        options.Validate = false;
        return new EnclaveHost(options);
    }

    /// <summary>The result of a script, as JSON.</summary>
    public static async Task<string> Json(this EnclaveHost host, string code, RunOptions? options = null)
    {
        ExecutionResult result = await host.RunAsync(code, options, TestContext.Current.CancellationToken);
        Assert.True(result.Success, $"{result.Error}");
        return result.Value.ToJsonString();
    }

    public static async Task<ExecutionError> Error(this EnclaveHost host, string code, RunOptions? options = null)
    {
        ExecutionResult result = await host.RunAsync(code, options, TestContext.Current.CancellationToken);
        return Assert.IsType<ExecutionError>(result.Error);
    }

    /// <summary>The reason why no script runs on a host with this library.</summary>
    public static async Task<ExecutionError> Failure(params Library[] libraries)
    {
        await using EnclaveHost host = With(libraries);
        ExecutionError error = await host.Error("return 1");
        Assert.Equal(ErrorCode.LibraryFailed, error.Code);
        return error;
    }
}
