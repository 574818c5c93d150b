using Enclave.Cli.Commands;

namespace Enclave.Cli.Options;

/// <summary>The address of a RabbitMQ server. It contains a password, so it comes from a file or the environment, never from the command line.</summary>
internal static class QueueAddress
{
    public const string Variable = "ENCLAVE_QUEUE";

    /// <summary>The address; null for none.</summary>
    /// <exception cref="UsageException">The file cannot be read or has no address. The message does not quote its content.</exception>
    public static Uri? Read(string? file)
    {
        if (SharedSecret.Read("--queue-file", file, Variable) is not { } text) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is ("amqp" or "amqps")
            ? address
            : throw new UsageException($"{file ?? Variable} does not contain an address such as amqp://user:password@127.0.0.1:5672/vhost.");
    }
}
