namespace Enclave.Cli.Options;

/// <summary>Parses isolation layers: <c>seccomp,file-system</c> or <c>all</c>.</summary>
internal static class Layers
{
    public static string Form => $"all, or a list of {string.Join(", ", Enum.GetNames<IsolationLayer>())}";

    public static bool TryParse(string text, out IsolationLayer[] layers)
    {
        layers = Enum.GetValues<IsolationLayer>();
        if (text.Equals("all", StringComparison.OrdinalIgnoreCase)) return true;
        string[] names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        layers = new IsolationLayer[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            string name = names[i].Replace("-", "", StringComparison.Ordinal);
            if (!char.IsAsciiLetter(name.FirstOrDefault()) || !Enum.TryParse(name, ignoreCase: true, out layers[i])) return false;
        }

        return names.Length > 0;
    }
}
