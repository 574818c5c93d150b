namespace Enclave.Configuration;

/// <summary>Names the key of configuration in a message about the value of an option.</summary>
internal static class ConfiguredKeys
{
    /// <summary>The message with the key's path in place of the option's name; unchanged if the value does not come from configuration.</summary>
    /// <param name="options">The options.</param>
    /// <param name="message">The message. It begins with the option's name, as <c>MaxWorkers is 5000; …</c></param>
    public static string Message(EnclaveOptions options, string message)
    {
        int end = message.IndexOf(' ', StringComparison.Ordinal);
        if (end <= 0 || PathOf(options, message[..end]) is not { } path) return message;
        return string.Concat(path, message.AsSpan(end));
    }

    private static string? PathOf(EnclaveOptions options, string name)
    {
        string key = name.Replace('.', ':');
        string? adapter = PoolAdapterOptions.Replacing(key) is { } own ? $"{nameof(EnclaveOptions.Adapter)}:{own}" : null;
        // Take the shortest path, because nested sections may have a key of the same name.
        return options.ConfiguredKeys.Where((path) => Ends(path, key) || (adapter is not null && Ends(path, adapter))).MinBy((path) => path.Length);
    }

    private static bool Ends(string path, string key) => path.EndsWith($":{key}", StringComparison.OrdinalIgnoreCase);
}
