using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Enclave.Protocol.Messages;

namespace Enclave.Runs;

/// <summary>The name under which a worker may keep what it compiles of a job's program.</summary>
internal static class ProgramKey
{
    private const int StackBytes = 256;

    /// <summary>None for a program that was not run before: most of those never come again. Tenants have keys of their own, so that none can tell by the time of a run what another ran.</summary>
    public static CodeKey Of(ExecutionJob job)
    {
        if (!job.Script.RunsAgain()) return default;
        // The first part has one length, so that no tenant's name can be taken for a piece of it.
        ReadOnlySpan<byte> code = job.Script.CodeHash, tenant = MemoryMarshal.AsBytes(job.TenantKey.AsSpan());
        int length = code.Length + tenant.Length;
        Span<byte> text = length <= StackBytes ? stackalloc byte[StackBytes] : new byte[length];
        code.CopyTo(text);
        tenant.CopyTo(text[code.Length..]);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], digest);
        return new CodeKey(BinaryPrimitives.ReadUInt128LittleEndian(digest));
    }
}
