using Enclave.Limits;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Options;

/// <summary>Checks that every option is in its range. Otherwise the application does not start.</summary>
internal sealed class PostgreSqlStoreOptionsCheck : IValidateOptions<PostgreSqlStoreOptions>
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, PostgreSqlStoreOptions options)
    {
        var wrong = new OptionFaults(nameof(PostgreSqlStoreOptions));
        // The message does not quote the text, because it contains the password.
        if (!IsConnectionString(options.ConnectionString))
            wrong.Add("PostgreSqlStoreOptions.ConnectionString is not a connection string such as Host=db;Database=enclave;Username=enclave_broker.");
        if (options.OwnerConnectionString is { } owner && !IsConnectionString(owner))
            wrong.Add("PostgreSqlStoreOptions.OwnerConnectionString is not a connection string such as Host=db;Database=enclave;Username=enclave_owner.");
        if (options.Name.Length is 0 or > 200 || options.Name.Contains('\0', StringComparison.Ordinal))
            wrong.Add("PostgreSqlStoreOptions.Name must have 1 to 200 characters.");
        wrong.Range(nameof(options.Heartbeat), options.Heartbeat, TimeSpan.FromMilliseconds(50), s_minute);
        wrong.Range(nameof(options.Lease), options.Lease, 3 * options.Heartbeat, 10 * s_minute);
        wrong.Range(nameof(options.Patience), options.Patience, TimeSpan.FromMilliseconds(100), 10 * s_minute);
        wrong.Range(nameof(options.Poll), options.Poll, TimeSpan.FromMilliseconds(50), s_minute);
        wrong.Range(nameof(options.MaxConnections), options.MaxConnections, 6, 500);
        wrong.Range(nameof(options.MaxPendingBytes), options.MaxPendingBytes, 1 << 20, 4L << 30);
        return wrong.Result;
    }

    private static bool IsConnectionString(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text) is { Host: not null, Username: not null };
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
