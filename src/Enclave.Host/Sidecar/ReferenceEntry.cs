using Enclave.Limits;
using Enclave.Protocol;

namespace Enclave.Sidecar;

/// <summary>One value in the store, as its run knows it.</summary>
internal sealed class ReferenceEntry
{
    private readonly Lock _gate = new();
    private HeldMemory? _held;
    private int _users;

    /// <summary>The id that the script knows.</summary>
    public required ScriptReference Public { get; init; }

    /// <summary>The secret of its key in the store, and its token after the run has returned it. No script ever sees it.</summary>
    public required string Secret { get; init; }

    /// <summary>Its key in the store.</summary>
    public required string Key { get; init; }

    /// <summary>References inside the value.</summary>
    public required IReadOnlyList<ReferenceEntry> Nested { get; init; }

    /// <summary>Its size with all nested references resolved, in bytes.</summary>
    public required long ResolvedBytes { get; init; }

    /// <summary>Its size in .NET after it is read, in bytes, without the values of references in it.</summary>
    public required long Memory { get; init; }

    /// <summary>Its nesting, with all nested references resolved.</summary>
    public required int ValueDepth { get; init; }

    /// <summary>1, plus one for each level of references inside others.</summary>
    public required int Depth { get; init; }

    /// <summary>True if it outlives its run.</summary>
    public bool IsKept { get; set; }

    /// <summary>The time of its creation, in the machine's milliseconds.</summary>
    public long Made { get; } = Environment.TickCount64;

    /// <summary>Held by the caller that reads the value from the store.</summary>
    public SemaphoreSlim Reading { get; } = new(1);

    /// <summary>The value while it is in use. Concurrent calls share it, so that a run's value is in memory once, however often it is named.</summary>
    public WeakReference<ScriptValue>? InUse { get; set; }

    /// <summary>
    /// Adds a call that uses the value and will release it. False if there is no room for the value in the run's memory. Concurrent calls share it.
    /// </summary>
    public bool TryReserve(HeldMemory call)
    {
        lock (_gate)
        {
            if (_users == 0 && (_held = call.TryHoldMore(Memory)) is null) return false;
            _users++;
            return true;
        }
    }

    public void Release()
    {
        lock (_gate)
        {
            if (--_users > 0) return;
            _held!.Release();
            _held = null;
        }
    }

    /// <summary>The same value under the id that only the host knows: in the store, and for a caller.</summary>
    public ScriptReference Token => new(Secret, Public.Size, Public.Kind, Public.Preview);
}
