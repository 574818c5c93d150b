using Enclave.Architecture.UnitTests.Layers;

namespace Enclave.Architecture.UnitTests.Members;

/// <summary>Each member of the product is used by the product, or its users can use it.</summary>
public sealed class UnusedMemberTests
{
    /// <summary>Called by reflection, or the entry of a program.</summary>
    private static readonly string[] s_calledByName =
    [
        "Enclave.Tools.ToolReturn.TaskAsync",
        "Enclave.Tools.ToolReturn.ValueTaskAsync", "Enclave.Worker.Portable.Program.Main",
    ];

    /// <summary>Tests of bounds read these: no user sees how much a bound holds now.</summary>
    private static readonly string[] s_heldNow =
    [
        "Enclave.EnclaveHost.get_Registry", "Enclave.Events.StreamBuffer.get_Held", "Enclave.ExecutionSession.get_Log",
        "Enclave.Guard.GuardCache.get_Count", "Enclave.Guard.Scoring.ScoringGate.get_CacheCount", "Enclave.Limits.HostMemory.get_Held",
        "Enclave.Limits.HostMemory.get_Waiting", "Enclave.Sessions.EventLog.get_Held",
        "Enclave.Tools.ApprovalGate.get_Workers", "Enclave.Tools.RateWindow.get_Tenants", "Enclave.Tools.ToolRegistry.get_UnderWay",
    ];

    /// <summary>The other direction of something that the product does one way, or a step of it by itself.</summary>
    private static readonly string[] s_otherDirection =
    [
        // The nursery, in C++, writes it.
        "Enclave.Protocol.Messages.EndedMessage.Write",
        // The native worker, in C++, reads and writes these.
        "Enclave.Protocol.Messages.ParkMessage.Read", "Enclave.Protocol.Messages.ParkedMessage.Write", "Enclave.Protocol.Messages.UnparkMessage.Read",
        // Recorded handshakes have the other side's hello and key.
        "Enclave.Streaming.Encryption.ClientHello.TryRead", "Enclave.Streaming.Encryption.KeyPair.FromPkcs8",
        "Enclave.Guard.Unicode.Homoglyphs.IsSafe",
        // Lists that docs/tools.md repeats.
        "Enclave.Schemas.Checks.SchemaKeywords.get_Annotations", "Enclave.Schemas.Checks.SchemaKeywords.get_Unread",
    ];

    [Fact]
    public void Every_member_has_a_use()
    {
        var uses = new MemberUses();
        foreach (string project in SourceProjects.Compiled.Append("Enclave.Cluster")) uses.Read(Path.Combine(AppContext.BaseDirectory, $"{project}.dll"));

        string[] expected = [.. s_calledByName, .. s_heldNow, .. s_otherDirection];
        Assert.Equal(expected.Order(StringComparer.Ordinal), uses.Unused);
    }
}
