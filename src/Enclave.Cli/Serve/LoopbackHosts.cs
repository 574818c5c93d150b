namespace Enclave.Cli.Serve;

/// <summary>What a request to this machine calls it. A page whose own name was made to lead here sends that name, and is refused by it.</summary>
internal static class LoopbackHosts
{
    public static string[] Names { get; } = ["localhost", "127.0.0.1", "[::1]"];
}
