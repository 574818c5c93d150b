using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Enclave.Broker.Diagnostics;
using Enclave.Broker.Sessions;
using Enclave.Broker.Store;
using Enclave.Streaming;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Enclave.Broker.Endpoints;

/// <summary>Sends a session's events to one reader, from a number on until the last.</summary>
internal sealed class EventStream(BrokerOptions options, TimeProvider clock, ILogger log)
{
    private const int Piece = 64 * 1024;

    /// <summary>Sends them. A reader that takes nothing for too long, or falls behind what is kept, is disconnected; it may come again.</summary>
    /// <param name="leave">Cancelled when the reader is to come again elsewhere: the stream ends where it is.</param>
    public async Task SendAsync(HttpContext context, ISessionView session, long from, EventFilter? filter, CancellationToken leave)
    {
        HttpResponse response = context.Response;
        response.ContentType = StreamProtocol.MediaType;
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Session-ID"] = session.Id;
        if (!HttpProtocol.IsHttp2(context.Request.Protocol) && !HttpProtocol.IsHttp3(context.Request.Protocol)) response.Headers.Connection = "keep-alive";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, leave);
        session.ReaderCame();
        try
        {
            await SendAllAsync(context, session, Math.Max(1, from), filter, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // It left, or is to.
        }
        finally
        {
            session.ReaderLeft();
        }
    }

    private async Task SendAllAsync(HttpContext context, ISessionView session, long next, EventFilter? filter, CancellationToken end)
    {
        var events = new List<LoggedEvent>();
        while (true)
        {
            events.Clear();
            ReadOutcome outcome = await session.ReadAsync(next, events, end).ConfigureAwait(false);
            if (outcome == ReadOutcome.Ended) return;
            if (outcome == ReadOutcome.Lost)
            {
                context.Abort();
                return;
            }

            next = events[^1].Seq + 1;
            if (!await SendAsync(context, session, events, filter).ConfigureAwait(false)) return;
        }
    }

    /// <summary>Sends what there is, in pieces that a reader can take within its time; false when it is gone.</summary>
    private async ValueTask<bool> SendAsync(HttpContext context, ISessionView session, List<LoggedEvent> events, EventFilter? filter)
    {
        PipeWriter writer = context.Response.BodyWriter;
        for (int i = 0; i < events.Count; i++)
        {
            if (Passes(filter, events[i])) writer.Write(events[i].Sent.Span);
            if (i < events.Count - 1 && writer.UnflushedBytes < Piece) continue;
            ValueTask<FlushResult> flush = writer.FlushAsync(context.RequestAborted);
            if (flush.IsCompletedSuccessfully)
            {
                if (flush.Result.IsCompleted) return false;
                continue;
            }

            try
            {
                if ((await flush.AsTask().WaitAsync(options.ReaderTimeout, clock).ConfigureAwait(false)).IsCompleted) return false;
            }
            catch (TimeoutException)
            {
                Log.SlowReader(log, session.Id, options.ReaderTimeout.TotalSeconds);
                context.Abort();
                return false;
            }
        }

        return true;
    }

    private static bool Passes(EventFilter? filter, LoggedEvent found)
    {
        // What is sealed for the client has no text that a rule could look into; only the broker that ran it knows the event.
        if (filter is null || found.Plain.IsEmpty) return true;
        using JsonDocument parsed = found.Parse();
        return filter.Passes(parsed.RootElement);
    }
}
