namespace Enclave.Tests;

/// <summary>Recordings and programs of the documented product, if present: beside the checkout, or in the folder named by <c>ENCLAVE_SHARED</c>.</summary>
internal static class SharedFolder
{
    public static string Path { get; } = Environment.GetEnvironmentVariable("ENCLAVE_SHARED")
        ?? System.IO.Path.GetFullPath(System.IO.Path.Combine(Repository.Root, "..", "shared"));
}
