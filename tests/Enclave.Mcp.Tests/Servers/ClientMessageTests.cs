using Enclave.Tests;

namespace Enclave.Mcp.Tests.Servers;

/// <summary>Messages of a client to a server over streams are bounded.</summary>
public sealed class ClientMessageTests
{
    [Fact]
    public async Task A_message_without_end_ends_the_server_with_the_reason()
    {
        byte[] endless = new byte[40 << 20];
        Array.Fill(endless, (byte)'[');
        await using var enclave = new EnclaveHost();

        IOException fault = await Assert.ThrowsAsync<IOException>(() => Within.Deadline(
            CodeServer.RunAsync(enclave, new MemoryStream(endless), Stream.Null, null, null, TestContext.Current.CancellationToken), "end of the server"));

        Assert.Equal("a message is longer than 33554432 bytes (MaxMessageBytes)", fault.Message);
    }
}
