using System.Buffers;
using System.IO.Pipelines;
using Enclave.Broker.Errors;
using Enclave.Broker.Http;
using Microsoft.AspNetCore.Http;

namespace Enclave.Broker.Endpoints;

/// <summary>Reads request bodies up to a size. A larger one is dropped.</summary>
internal static class RequestBody
{
    /// <summary>
    /// The slowest rate, in bytes per second, at which the largest body may arrive. Kestrel's own minimum suits slow lines, but at that rate a body of
    /// 2 MB would hold a connection and memory for hours.
    /// </summary>
    private const double BytesPerSecond = 64 << 10;

    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(30);

    /// <summary>The time that a whole body may take, at any rate.</summary>
    public static TimeSpan TimeLimit(long most) => s_least + TimeSpan.FromSeconds(most / BytesPerSecond);

    /// <summary>Reads the whole body of a client; null if it is too long, after the client got its error.</summary>
    /// <exception cref="BadHttpRequestException">The body did not arrive in time.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>?> TakeAsync(HttpContext context, BrokerOptions options, TimeProvider clock)
    {
        ReadOnlyMemory<byte>? body = await ReadAsync(context.Request, options.MaxBodyBytes, clock, context.RequestAborted).ConfigureAwait(false);
        if (body is null) await JsonResponses.ErrorAsync(context, BrokerError.TooLarge(options.MaxBodyBytes)).ConfigureAwait(false);
        return body;
    }

    /// <summary>Reads the whole body; null if it is too long.</summary>
    /// <exception cref="BadHttpRequestException">The body did not arrive in time.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, long most, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (request.ContentLength > most) return null;
        using var deadline = new CancellationTokenSource(TimeLimit(most), clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await ReadAsync(request, most, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new BadHttpRequestException($"the body did not arrive within {TimeLimit(most).TotalSeconds:0} s", StatusCodes.Status408RequestTimeout);
        }
    }

    private static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, long most, CancellationToken cancellationToken)
    {
        PipeReader reader = request.BodyReader;
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (read.Buffer.Length > most)
            {
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                byte[] body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
