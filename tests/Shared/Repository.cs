namespace Enclave.Tests;

/// <summary>The checkout that the tests were built in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Enclave.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("Enclave.sln is nowhere above the tests");
    }
}
