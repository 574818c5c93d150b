using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Enclave.Durable;
using Enclave.Journals;

namespace Enclave.Mcp.Servers;

/// <summary>Finds the run that a client's questions belong to, in a later request at any process: <c>requestState</c>.</summary>
/// <param name="Run">The name of the run.</param>
/// <param name="Until">When it is over, in milliseconds of Unix time.</param>
/// <param name="Request">The hash of the script that was sent: the state belongs to this request only.</param>
/// <param name="Calls">The ids of the calls that were asked for.</param>
internal sealed record QuestionHandle(string Run, long Until, byte[] Request, string[] Calls)
{
    private const int MaxCharacters = 4_096, IdBytes = 16;

    /// <summary>The keys if the operator gave none: only this process can open what it sealed.</summary>
    private static readonly JournalKeys s_own = new([RandomNumberGenerator.GetBytes(32)]);

    /// <summary>The hash of a script.</summary>
    public static byte[] HashOf(string code) => SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(code.AsSpan()));

    /// <summary>Seals the handle for one caller, with AES-GCM under a key of its own.</summary>
    public string Seal(DurableHost host, RunKey caller)
    {
        var id = Guid.NewGuid();
        using var seal = new JournalSeal(KeysOf(host), caller, id);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(this, HandleJson.Default.QuestionHandle);
        return Base64Url.EncodeToString([.. id.ToByteArray(), .. seal.Seal(SealPurpose.Handle, 0, JournalSeal.NoTag.Span, json)]);
    }

    /// <summary>Opens the state of a caller's request. Null if it is forged, cut, another caller's, another request's, or its time is over.</summary>
    public static QuestionHandle? Open(string state, DurableHost host, RunKey caller, byte[] request)
    {
        if (state.Length > MaxCharacters || !Base64Url.IsValid(state)) return null;
        byte[] bytes = Base64Url.DecodeFromChars(state);
        if (bytes.Length <= IdBytes) return null;
        using var seal = new JournalSeal(KeysOf(host), caller, new Guid(bytes.AsSpan(0, IdBytes)));
        try
        {
            (int length, byte[] content) = seal.Open(SealPurpose.Handle, 0, JournalSeal.NoTag.Span, bytes.AsSpan(IdBytes));
            if (length != bytes.Length - IdBytes) return null;
            QuestionHandle handle = JsonSerializer.Deserialize(content, HandleJson.Default.QuestionHandle)!;
            bool isOver = handle.Until <= host.Now.ToUnixTimeMilliseconds();
            return isOver || !CryptographicOperations.FixedTimeEquals(handle.Request, request) ? null : handle;
        }
        catch (JournalException)
        {
            return null;
        }
    }

    private static JournalKeys KeysOf(DurableHost host) => host.Keys.Current == JournalKeys.None ? s_own : host.Keys;
}
