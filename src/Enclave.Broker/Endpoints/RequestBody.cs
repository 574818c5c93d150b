using Enclave.Broker.Access;
using Enclave.Broker.Errors;
using Enclave.Broker.Http;
using Enclave.Limits;
using Microsoft.AspNetCore.Http;

namespace Enclave.Broker.Endpoints;

/// <summary>Reads request bodies up to a size, and all bodies that arrive at the same time up to a sum. A refused body is dropped.</summary>
internal sealed class RequestBody(BrokerOptions options, TimeProvider clock)
{
    /// <summary>
    /// The slowest rate, in bytes per second, at which the largest body may arrive. Kestrel's own minimum suits slow lines, but at that rate a body of
    /// 2 MB would hold a connection and memory for hours.
    /// </summary>
    private const double BytesPerSecond = 64 << 10;

    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(30);

    private readonly BodyBudget _budget = new(options.MaxBodyBytes);

    /// <summary>The time that a whole body may take, at any rate.</summary>
    private TimeSpan TimeLimit => s_least + TimeSpan.FromSeconds(options.MaxBodyBytes / BytesPerSecond);

    /// <summary>Reads the whole body of a client; null if it is refused, after the client got its error.</summary>
    /// <exception cref="BadHttpRequestException">The body did not arrive in time.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> TakeAsync(HttpContext context)
    {
        (ReadOnlyMemory<byte> body, BrokerError? refusal) = await ReadAsync(context).ConfigureAwait(false);
        if (refusal is null) return body;
        await JsonResponses.ErrorAsync(context, refusal).ConfigureAwait(false);
        return null;
    }

    /// <summary>Reads the whole body, or says why it is refused.</summary>
    /// <exception cref="BadHttpRequestException">The body did not arrive in time.</exception>
    internal async ValueTask<(ReadOnlyMemory<byte> Body, BrokerError? Refusal)> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength > options.MaxBodyBytes) return (default, BrokerError.TooLarge(options.MaxBodyBytes));
        using var deadline = new CancellationTokenSource(TimeLimit, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        try
        {
            string payer = Caller.Of(context).Payer(context);
            (byte[]? body, bool isTooLarge) =
                await _budget.ReadAsync(context.Request.BodyReader, options.MaxBodyBytes, payer, end.Token).ConfigureAwait(false);
            return (body, body is not null ? null : isTooLarge ? BrokerError.TooLarge(options.MaxBodyBytes) : BrokerError.BodiesFull);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException($"the body did not arrive within {TimeLimit.TotalSeconds:0} s", StatusCodes.Status408RequestTimeout);
        }
    }
}
