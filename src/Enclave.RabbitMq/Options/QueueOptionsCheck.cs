using Enclave.Limits;
using Microsoft.Extensions.Options;

namespace Enclave.RabbitMq.Options;

/// <summary>Checks the address, the names (which appear in permissions) and the ranges of numbers. Otherwise nothing starts.</summary>
internal sealed class QueueOptionsCheck : IValidateOptions<QueueBrokerOptions>
{
    public const string Variable = "ENCLAVE_QUEUE";

    private const int MaxName = 64, MaxClasses = 16;

    public static void ReadEnvironment(QueueOptions options)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } address) options.Address ??= new Uri(address, UriKind.RelativeOrAbsolute);
    }

    public static bool IsName(string? text) =>
        text is { Length: > 0 and <= MaxName } && text.All((letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');

    public ValidateOptionsResult Validate(string? name, QueueBrokerOptions options)
    {
        OptionFaults wrong = Common(options);
        wrong.Range(nameof(options.QueueTimeout), options.QueueTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1));
        wrong.Range(nameof(options.MaxWaiting), options.MaxWaiting, 0, 100_000);
        wrong.Range(nameof(options.MaxQueueLength), options.MaxQueueLength, 1, 1_000_000);
        return wrong.Result;
    }

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static void Check(QueueRuntimeOptions options)
    {
        OptionFaults wrong = Common(options);
        wrong.Range(nameof(options.AskTimeout), options.AskTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        wrong.Range("TrustClasses.Count", options.TrustClasses.Count, 1, MaxClasses);
        foreach (string one in options.TrustClasses.Where((one) => !IsName(one)))
            wrong.Add($"TrustClasses has '{one}'; a class must be 1 to {MaxName} letters, digits, _ and -.");
        wrong.Throw();
    }

    private static OptionFaults Common(QueueOptions options)
    {
        var wrong = new OptionFaults(nameof(QueueOptions));
        // The address contains a password, so messages do not quote it.
        if (options.Address is null)
            wrong.Add($"QueueOptions.Address is missing: name the server, as amqp://user:password@127.0.0.1:5672/vhost, or set {Variable}.");
        else if (!options.Address.IsAbsoluteUri || options.Address.Scheme is not ("amqp" or "amqps") || options.Address.Host.Length == 0)
            wrong.Add("QueueOptions.Address is not an address such as amqp://user:password@127.0.0.1:5672/vhost.");
        else if (Parts(options) is { } part) wrong.Add(part);
        if (!IsName(options.Prefix)) wrong.Add($"QueueOptions.Prefix is '{options.Prefix}'; it must be 1 to {MaxName} letters, digits, _ and -.");
        wrong.Range(nameof(options.MaxMessageBytes), options.MaxMessageBytes, 64 << 10, 64 << 20);
        wrong.Range(nameof(options.MaxHeldBytes), options.MaxHeldBytes, 1 << 20, 1 << 30);
        wrong.Range(nameof(options.HeartbeatInterval), options.HeartbeatInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        wrong.Range(nameof(options.Silence), options.Silence, options.HeartbeatInterval * 2, TimeSpan.FromHours(1));
        wrong.Range(nameof(options.ConnectTimeout), options.ConnectTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        return wrong;
    }

    /// <summary>Checks the rest of the address. Returns the problem, or null.</summary>
    private static string? Parts(QueueOptions options)
    {
        try
        {
            _ = QueueServer.Factory(options, "");
            return null;
        }
        catch (Exception wrong) when (wrong is ArgumentException or IOException)
        {
            return $"QueueOptions.Address: {OptionFaults.TextOf(wrong)}.";
        }
    }
}
