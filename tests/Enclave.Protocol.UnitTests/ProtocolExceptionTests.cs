namespace Enclave.Protocol.Tests;

public sealed class ProtocolExceptionTests
{
    [Fact]
    public void The_message_names_the_offset() => Assert.Contains("at byte 7", ProtocolException.At(7, "x").Message, StringComparison.Ordinal);
}
