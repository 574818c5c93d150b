using System.Buffers;
using Enclave.Limits;
using Enclave.Protocol;
using Enclave.Protocol.Values;
using Enclave.Runs;
using Enclave.Sidecar;
using Enclave.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enclave.Host.Tests.Sidecar;

/// <summary>A sidecar without a worker. The test does with the values what a script would do with references.</summary>
internal sealed class SidecarBench : IAsyncDisposable
{
    private const int MaxLoadBytes = 1 << 20;

    private readonly ReferenceSidecar _sidecar;

    public SidecarBench(Func<SidecarOptions, SidecarOptions>? change = null)
    {
        // Only tests of its deadline meet it: a busy machine may take longer than two seconds.
        var options = new SidecarOptions { Enabled = true, Threshold = 1024, Storage = Store, StorageTimeout = TimeSpan.FromMinutes(5) };
        _sidecar = new ReferenceSidecar(change?.Invoke(options) ?? options, SecurityLevel.Standard, NullLogger.Instance);
    }

    /// <summary>The store, unless the options name another one.</summary>
    public MemoryReferenceStore Store { get; } = new();

    public ReferenceRun Begin(string? tenant = null, long maxMemory = long.MaxValue) => _sidecar.Begin(tenant, MaxLoadBytes, maxMemory);

    public Task<ScriptValue?> Open(string token, string? tenant = null) => _sidecar.OpenAsync(token, tenant, CancellationToken.None);

    /// <summary>The value that a script gets if a tool answers this.</summary>
    public static async Task<ScriptValue> Give(ReferenceRun run, ScriptValue value) =>
        AsScriptSees(await Call(run, "tool", Object(("x", ScriptValue.Null)), (_) => new(value)));

    /// <summary>The value that a tool gets for these arguments.</summary>
    public static async Task<ScriptValue> Take(ReferenceRun run, ScriptValue value, HeldMemory? memory = null, Func<Task>? meanwhile = null)
    {
        ScriptValue taken = ScriptValue.Undefined;
        await Call(
            run,
            "tool",
            Object(("value", value)),
            async (args) =>
            {
                taken = args["value"];
                if (meanwhile is not null) await meanwhile();
                return ScriptValue.Null;
            },
            memory);
        return taken;
    }

    public static async Task<ScriptValue> Load(ReferenceRun run, ScriptValue reference, HeldMemory? memory = null) =>
        AsScriptSees(await Call(
            run, SidecarTools.Load, Object(("reference", reference)), (_) => throw new InvalidOperationException("no tool is asked"), memory));

    public static Task<ExecutionResult> End(ReferenceRun run, ScriptValue value) => run.ConcludeAsync(
        Task.FromResult(new ExecutionResult { Value = value, Error = null, Stdout = "", Stats = new ExecutionStats() }), CancellationToken.None);

    /// <summary>The code of the expected failure.</summary>
    public static async Task<string?> CodeOf(Func<Task> step) => (await Assert.ThrowsAsync<ToolException>(step)).Code;

    public static ScriptValue Object(params (string Key, ScriptValue Value)[] members)
    {
        var properties = new PropertyTable.Builder(members.Length);
        foreach ((string key, ScriptValue value) in members) properties.Set(key, value);
        return ScriptValue.OfObject(properties.Build());
    }

    public static ScriptValue Text(int length, char of = 'x') => ScriptValue.From(new string(of, length));

    public Task IsEmpty() => Within.Becomes(() => Store.Count == 0, "the store is empty", () => $"it holds {Store.Count}");

    public ValueTask DisposeAsync() => _sidecar.DisposeAsync();

    private static async Task<ScriptValue> Call(ReferenceRun run, string name, ScriptValue args, Func<ScriptValue, ValueTask<ScriptValue>> tool,
        HeldMemory? memory = null) =>
        await run.Before(new Tool(tool)).CallAsync(
            new ToolInvocation(null!, 1, name, args, new ToolContext(null, null, "script.js", CancellationToken.None)) { Memory = memory ?? HeldMemory.None });

    /// <summary>Sends a value over the wire and back: a script only knows a reference's id.</summary>
    private static ScriptValue AsScriptSees(ScriptValue value)
    {
        ScriptValue there = ScriptValueCodec.Decode(
            new ReadOnlySequence<byte>(ScriptValueCodec.Encode(value)), ValueLimits.Widest with { MaxReferences = int.MaxValue });
        Assert.Equal(value, there);
        return ReferenceRewriting.Rewrite(there, (reference) => ScriptValue.OfReference(new ScriptReference(reference.Id, 0, ScriptValueKind.Undefined, "")));
    }

    private sealed class Tool(Func<ScriptValue, ValueTask<ScriptValue>> answer) : IToolInvoker
    {
        public ValueTask<ScriptValue> CallAsync(ToolInvocation call) => answer(call.Args);
    }
}
