namespace Enclave.Cli.Http;

/// <summary>The host names in requests to this machine. A page whose own name was made to lead here sends that name, and is refused.</summary>
internal static class LoopbackHosts
{
    public static string[] Names { get; } = ["localhost", "127.0.0.1", "[::1]"];
}
