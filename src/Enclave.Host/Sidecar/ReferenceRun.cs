using Enclave.Limits;
using Enclave.Protocol;
using Enclave.Protocol.Values;
using Enclave.Runs;
using Enclave.Workers;

namespace Enclave.Sidecar;

/// <summary>The references of one run: made from tool results, resolved in arguments and in the returned value, removed when the run has ended.</summary>
internal sealed class ReferenceRun(ReferenceSidecar sidecar, string tenantKey, int maxLoadBytes, long maxMemory)
{
    private readonly ReferenceTable _table = new(sidecar.Limits);
    private readonly HandlerTurns _turns = new(tenantKey);

    /// <summary>The invoker in front of a run's own tools.</summary>
    public IToolInvoker Before(IToolInvoker tools) => new SidecarTools(tools, this);

    /// <summary>Loads the value of one reference for a script. References in it stay references.</summary>
    /// <exception cref="ToolException">The failure with its code.</exception>
    public async Task<ScriptValue> LoadAsync(ScriptReference reference, EntriesInUse used, CancellationToken cancellationToken)
    {
        ReferenceEntry entry = _table.Find(reference);
        long limit = Math.Min(maxLoadBytes, sidecar.Limits.MaxResolvedBytes);
        if (entry.Public.Size > limit) throw ReferenceFault.LoadTooLarge(entry.Public.Size, limit);
        used.AddAlone(entry);
        using StoreAccess store = sidecar.Access(_turns, cancellationToken);
        ScriptValue value = await ReadAsync(store, entry).ConfigureAwait(false);
        Dictionary<string, ReferenceEntry> nested = entry.Nested.ToDictionary((inner) => inner.Secret, StringComparer.Ordinal);
        return ReferenceRewriting.Rewrite(value, (inner) => ScriptValue.OfReference(Known(nested, inner).Public));
    }

    /// <summary>Resolves the references in a value.</summary>
    /// <exception cref="ToolException">The failure with its code. If a limit is exceeded, nothing was read.</exception>
    public async Task<ScriptValue> ResolveAsync(ScriptValue value, EntriesInUse used, CancellationToken cancellationToken)
    {
        if (!value.HasReference) return value;
        List<ReferenceEntry> entries = Predict(value);
        foreach (ReferenceEntry entry in entries) used.Add(entry);
        using StoreAccess store = sidecar.Access(_turns, cancellationToken);
        var values = new Dictionary<string, ScriptValue>(StringComparer.Ordinal);
        foreach (ReferenceEntry entry in entries)
        {
            if (!values.ContainsKey(entry.Public.Id)) values.Add(entry.Public.Id, await ReadWholeAsync(store, entry).ConfigureAwait(false));
        }

        return ReferenceRewriting.Rewrite(value, (reference) => values[reference.Id]);
    }

    /// <summary>Replaces the large parts of a value by references.</summary>
    /// <exception cref="ToolException">The failure with its code. Nothing was stored.</exception>
    public async ValueTask<ScriptValue> LiftAsync(ScriptValue value, CancellationToken cancellationToken)
    {
        var lift = new ReferenceLift(_table, sidecar.Limits, tenantKey);
        ScriptValue lifted = lift.Plan(value);
        if (lift.IsEmpty) return lifted;
        using StoreAccess store = sidecar.Access(_turns, cancellationToken);
        await lift.StoreAsync(store, (key) => sidecar.Remove([key])).ConfigureAwait(false);
        return lifted;
    }

    /// <summary>The run's answer for its caller. In any case the run's values are removed afterwards, except for those that it returned as tokens.</summary>
    public Task<ExecutionResult> ConcludeAsync(Task<ExecutionResult> answer, CancellationToken cancellationToken) =>
        sidecar.Track(CompleteAsync(answer, cancellationToken));

    private async Task<ExecutionResult> CompleteAsync(Task<ExecutionResult> answer, CancellationToken cancellationToken)
    {
        try
        {
            ExecutionResult result = await answer.ConfigureAwait(false);
            return result.Value.HasReference ? await ReturnAsync(result, cancellationToken).ConfigureAwait(false) : result;
        }
        finally
        {
            sidecar.Remove(_table.Close());
        }
    }

    private async Task<ExecutionResult> ReturnAsync(ExecutionResult result, CancellationToken cancellationToken)
    {
        // From here on the value belongs to the caller: no budget covers it, and its size is bounded.
        using var used = new EntriesInUse(HeldMemory.None);
        try
        {
            ScriptValue value = sidecar.Options.ReturnedReferences == ReturnedReferences.Token
                ? ReferenceRewriting.Rewrite(result.Value, Token)
                : await ResolveAsync(result.Value, used, cancellationToken).ConfigureAwait(false);
            return result with { Value = value };
        }
        catch (ToolException fault)
        {
            return result with { Value = ScriptValue.Undefined, Error = Describe(fault) };
        }
    }

    private ScriptValue Token(ScriptReference reference)
    {
        ReferenceEntry entry = _table.Find(reference);
        _table.Keep(entry);
        return ScriptValue.OfReference(entry.Token);
    }

    /// <summary>The entries of all references in a value, after a check that resolving them stays within the limits.</summary>
    private List<ReferenceEntry> Predict(ScriptValue value)
    {
        var entries = new List<ReferenceEntry>();
        var distinct = new HashSet<ReferenceEntry>();
        long size = 0, memory = 0;
        ReferenceRewriting.Visit(value, (reference, depth) =>
        {
            ReferenceEntry entry = _table.Find(reference);
            entries.Add(entry);
            size += entry.ResolvedBytes;
            if (size > sidecar.Limits.MaxResolvedBytes) throw ReferenceFault.ResolvedTooLarge(size, sidecar.Limits.MaxResolvedBytes);
            memory += Memory(entry, distinct);
            if (memory > maxMemory) throw ReferenceFault.MemoryTooLarge(memory, maxMemory);
            if (depth + entry.ValueDepth > ProtocolLimits.MaxObjectDepth) throw ReferenceFault.ValueTooDeep(ProtocolLimits.MaxObjectDepth);
        });
        return entries;
    }

    /// <summary>The size of this value and of those in it, without values that were counted already.</summary>
    private static long Memory(ReferenceEntry entry, HashSet<ReferenceEntry> counted)
    {
        if (!counted.Add(entry)) return 0;
        long memory = entry.Memory;
        foreach (ReferenceEntry nested in entry.Nested) memory += Memory(nested, counted);
        return memory;
    }

    private async Task<ScriptValue> ReadWholeAsync(StoreAccess store, ReferenceEntry entry)
    {
        ScriptValue value = await ReadAsync(store, entry).ConfigureAwait(false);
        var nested = new Dictionary<string, ScriptValue>(StringComparer.Ordinal);
        foreach (ReferenceEntry inner in entry.Nested) nested.Add(inner.Secret, await ReadWholeAsync(store, inner).ConfigureAwait(false));
        return ReferenceRewriting.Rewrite(value, (inner) => Known(nested, inner));
    }

    private async Task<ScriptValue> ReadAsync(StoreAccess store, ReferenceEntry entry)
    {
        await store.EnterAsync(entry.Reading).ConfigureAwait(false);
        try
        {
            bool isAlive = Environment.TickCount64 - entry.Made < sidecar.Options.Ttl.TotalMilliseconds;
            if (isAlive && entry.InUse is { } shared && shared.TryGetTarget(out ScriptValue? value)) return value;
            value = await ReferenceReading.ReadAsync(store, entry.Key, entry.Public.Size, (int)entry.Public.Size).ConfigureAwait(false);
            entry.InUse = new WeakReference<ScriptValue>(value);
            return value;
        }
        finally
        {
            entry.Reading.Release();
        }
    }

    /// <summary>A stored value may only have references that this run stored in it. Any other reference does not come from the host.</summary>
    private static T Known<T>(Dictionary<string, T> nested, ScriptReference reference) =>
        nested.TryGetValue(reference.Id, out T? found) ? found : throw ReferenceFault.Damaged();

    private static ExecutionError Describe(ToolException fault)
    {
        ErrorCode code = fault.Code!.StartsWith("MAX_", StringComparison.Ordinal) ? ErrorCode.OutputLimit : ErrorCode.ToolError;
        return new ExecutionError
        {
            Code = code,
            Name = fault.Name,
            Message = $"the value that the script returned could not be completed: {fault.Message}: docs/errors/{code.ToCode()}.md",
            Data = new Dictionary<string, object?> { ["code"] = fault.Code },
        };
    }
}
