using System.Text.Json;

namespace Enclave.Mcp.Tests;

/// <summary>Counts tokens as a model's maker does.</summary>
internal static class Tokens
{
    /// <param name="folder">A folder for the texts.</param>
    /// <param name="texts">The texts.</param>
    /// <returns>A number for each text.</returns>
    public static async Task<int[]> CountAsync(string folder, params IReadOnlyList<string> texts)
    {
        string file = Path.Combine(folder, "texts.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(texts), TestContext.Current.CancellationToken);
        (int status, string output) = await Interop.NodeAsync(folder, TestContext.Current.CancellationToken, Path.Combine(Interop.Scripts, "count-tokens.mjs"),
            file);
        Assert.True(status == 0, output);
        return JsonSerializer.Deserialize<int[]>(output)!;
    }
}
