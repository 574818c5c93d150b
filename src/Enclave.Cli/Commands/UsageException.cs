namespace Enclave.Cli.Commands;

/// <summary>What was asked cannot be done as it was asked: the person at the keyboard can mend it.</summary>
internal sealed class UsageException(string message) : Exception(message);
