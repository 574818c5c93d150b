using System.Globalization;
using RabbitMQ.Client;

namespace Enclave.RabbitMq.Wire;

/// <summary>A message on its way out.</summary>
/// <param name="Exchange">Where to.</param>
/// <param name="Key">To whom there.</param>
/// <param name="Properties">What it is.</param>
/// <param name="Body">What it says.</param>
internal sealed record Outgoing(string Exchange, string Key, BasicProperties Properties, ReadOnlyMemory<byte> Body)
{
    /// <summary>A fanout reaches whoever is there; anything else is for one who has to be.</summary>
    public bool IsForOne => Key.Length > 0;

    public static Outgoing Of(string kind, string exchange, string key, string sender, string? run = null, ReadOnlyMemory<byte> body = default, long number = 0) => new(
        exchange,
        key,
        new BasicProperties { Type = kind, AppId = sender, CorrelationId = run, MessageId = number == 0 ? null : number.ToString(CultureInfo.InvariantCulture), ContentType = body.IsEmpty ? null : "application/json" },
        body);
}
