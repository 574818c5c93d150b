namespace Enclave.Tests;

/// <summary>Recordings and programs of the documented product, where they are at hand: beside the checkout, or where <c>ENCLAVE_SHARED</c> says.</summary>
internal static class SharedFolder
{
    public static string Path { get; } = Environment.GetEnvironmentVariable("ENCLAVE_SHARED")
        ?? System.IO.Path.GetFullPath(System.IO.Path.Combine(Repository.Root, "..", "shared"));
}
