namespace Enclave.Cli.Commands;

/// <summary>The command line cannot be carried out as given. The message tells the user how to correct it.</summary>
internal sealed class UsageException(string message) : Exception(message);
