using Enclave.Limits;
using Enclave.Protocol;

namespace Enclave.Sidecar;

/// <summary>One value in the store, as its run knows it.</summary>
internal sealed class ReferenceEntry
{
    private readonly Lock _gate = new();
    private HeldMemory? _held;
    private int _users;

    /// <summary>What the script knows it by.</summary>
    public required ScriptReference Public { get; init; }

    /// <summary>What it is kept under, and a token of it once the run has returned it. No script ever sees it.</summary>
    public required string Secret { get; init; }

    /// <summary>Where it lies in the store.</summary>
    public required string Key { get; init; }

    /// <summary>References inside the value.</summary>
    public required IReadOnlyList<ReferenceEntry> Nested { get; init; }

    /// <summary>What it takes with all nested references put in, in bytes.</summary>
    public required long ResolvedBytes { get; init; }

    /// <summary>Bytes that it takes in .NET once it is read, without the values of references in it.</summary>
    public required long Memory { get; init; }

    /// <summary>Levels of arrays and objects, with all nested references put in.</summary>
    public required int ValueDepth { get; init; }

    /// <summary>1, and one more for each reference inside another.</summary>
    public required int Depth { get; init; }

    /// <summary>True if it outlives its run.</summary>
    public bool IsKept { get; set; }

    /// <summary>When it was made, in the machine's milliseconds.</summary>
    public long Made { get; } = Environment.TickCount64;

    /// <summary>Held by the one who reads the value from the store.</summary>
    public SemaphoreSlim Reading { get; } = new(1);

    /// <summary>The value, while somebody uses it: calls under way at the same time share it, so that a run's values are in memory once, however often they are named.</summary>
    public WeakReference<ScriptValue>? InUse { get; set; }

    /// <summary>
    /// Another call uses the value, and will leave it. False when there is no room for it in the run's memory; calls under way at the same time share it.
    /// </summary>
    public bool TryEnter(HeldMemory call)
    {
        lock (_gate)
        {
            if (_users == 0 && (_held = call.TryHoldMore(Memory)) is null) return false;
            _users++;
            return true;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            if (--_users > 0) return;
            _held!.Release();
            _held = null;
        }
    }

    /// <summary>The same value under the name that only the host knows: in the store, and for a caller.</summary>
    public ScriptReference Token => new(Secret, Public.Size, Public.Kind, Public.Preview);
}
