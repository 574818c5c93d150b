using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Enclave.Broker.Endpoints;

/// <summary>Bodies, no longer than they may be: nothing is kept of one that is.</summary>
internal static class RequestBody
{
    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Bytes a second of the largest body. Kestrel's own rate is what a slow line needs; at that rate a body of 2 MB would hold its connection and its memory
    /// for hours.
    /// </summary>
    private const double BytesPerSecond = 64 << 10;

    /// <summary>How long the whole of a body may take, whatever its rate.</summary>
    public static TimeSpan Patience(long most) => s_least + TimeSpan.FromSeconds(most / BytesPerSecond);

    /// <summary>The whole body; null when it is too long.</summary>
    /// <exception cref="BadHttpRequestException">It did not come in time.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, long most, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (request.ContentLength > most) return null;
        using var deadline = new CancellationTokenSource(Patience(most), clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await ReadAsync(request, most, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new BadHttpRequestException($"the body did not come within {Patience(most).TotalSeconds:0} s", StatusCodes.Status408RequestTimeout);
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
