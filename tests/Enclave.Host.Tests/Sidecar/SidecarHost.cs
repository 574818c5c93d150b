using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Sidecar;

/// <summary>A host with a sidecar of a low threshold, its store, and the arguments that its tools got.</summary>
internal sealed class SidecarHost : IAsyncDisposable
{
    public const int Threshold = 1024;

    private readonly EnclaveHost _host;

    public SidecarHost(Func<SidecarOptions, SidecarOptions>? change = null, SecurityLevel level = SecurityLevel.Standard, ToolHandler? tools = null)
    {
        var options = new SidecarOptions { Enabled = true, Threshold = Threshold, Storage = Store };
        _host = new EnclaveHost(new EnclaveOptions { SecurityLevel = level, Sidecar = change?.Invoke(options) ?? options, ToolHandler = tools ?? Answer });
    }

    public MemoryReferenceStore Store { get; } = new();

    /// <summary>The last argument of the tool <c>take</c>.</summary>
    public ScriptValue? Taken { get; private set; }

    public static string Large { get; } = string.Concat(Enumerable.Range(0, 1000).Select((i) => $"line {i}\n"));

    public Task<ExecutionResult> Run(string code, string? tenant = null) => Within.Deadline(_host.RunAsync(code, new RunOptions { Tenant = tenant }), "answer");

    public async Task<ScriptValue> Value(string code, string? tenant = null)
    {
        ExecutionResult result = await Run(code, tenant);
        Assert.True(result.Success, $"{result.Error?.Code} {result.Error?.Message}");
        return result.Value;
    }

    public Task<ScriptValue?> Open(string token, string? tenant = null) => _host.OpenReferenceAsync(token, tenant, TestContext.Current.CancellationToken);

    public Task IsEmpty() => Within.Becomes(() => Store.Count == 0, "the store is empty", () => $"it holds {Store.Count}");

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private ValueTask<object?> Answer(string name, ScriptValue args, ToolContext context) => new(name switch
    {
        "text" => Large,
        "bytes" => new byte[5000],
        "rows" => new { total = 300, rows = Enumerable.Range(0, 300).Select((i) => new { id = i, name = $"row {i}" }) },
        "page" => Enumerable.Range(0, 300).ToDictionary((i) => $"key {i}", (i) => i == 7 ? (object?)Large : i),
        "small" => new { a = 1 },
        "take" => Take(args),
        _ => throw new ToolException($"there is no tool {name}"),
    });

    private string Take(ScriptValue args)
    {
        Taken = args;
        return "ok";
    }
}
