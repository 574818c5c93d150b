namespace Enclave.Mcp.AspNetCore.Sessions;

/// <summary>The bytes of messages that all sessions keep together.</summary>
internal sealed class KeptBytes(long most)
{
    private long _taken;

    /// <summary>Reserves bytes; false if that would be more than the bound.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= most) return true;
        Interlocked.Add(ref _taken, -bytes);
        return false;
    }

    public void Give(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
