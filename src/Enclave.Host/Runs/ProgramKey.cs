using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Enclave.Protocol.Messages;

namespace Enclave.Runs;

/// <summary>The key under which a worker may cache a job's compiled program.</summary>
internal static class ProgramKey
{
    private const int StackBytes = 256;

    /// <summary>
    /// The key of a program's compiled code. A program that runs for the first time has none, because most programs never run again. Each tenant has its own
    /// keys, so that the time of a run never reveals another tenant's programs.
    /// </summary>
    public static CodeKey Of(ExecutionJob job)
    {
        if (!job.Script.RunsAgain()) return default;
        // The first part has a fixed length, so a tenant's name cannot be taken for a part of it.
        ReadOnlySpan<byte> code = job.Script.CodeHash, tenant = MemoryMarshal.AsBytes(job.TenantKey.AsSpan());
        int length = code.Length + tenant.Length;
        Span<byte> text = length <= StackBytes ? stackalloc byte[StackBytes] : new byte[length];
        code.CopyTo(text);
        tenant.CopyTo(text[code.Length..]);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], digest);
        return CodeKey.From(digest);
    }
}
